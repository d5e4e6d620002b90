import { speak, type Catalogue } from './say.ts'

/** The languages beside English, each in a file of its own, which is loaded only for those who speak it. */
const CATALOGUES: Record<string, () => Promise<{ default: Catalogue }>> = {
  de: () => import('./de.json', { with: { type: 'json' } }),
}

/** The page speaks the language of the document. One that can't be loaded is left, for English. */
export async function learn(): Promise<void> {
  const language = document.documentElement.lang
  const texts = await CATALOGUES[language]?.().catch(() => undefined)
  if (texts === undefined) speak('en', {})
  else speak(language, texts.default)
}
