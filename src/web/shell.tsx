import { renderToStaticMarkup } from 'react-dom/server'
import { AppContext, openApp } from './live/app.ts'
import { greeting } from './state/examples.ts'
import { Page } from './view/page.tsx'
import { speak, type Catalogue } from './words/say.ts'

/** The page of a first visit as it is drawn first, in one language. Runs while the page is built, never in a browser. */
export function drawShell(language: string, texts: Catalogue): string {
  speak(language, texts)
  return renderToStaticMarkup(
    <AppContext value={openApp(() => Promise.resolve())}>
      <Page />
    </AppContext>,
  )
}

/** The greetings of a morning, an afternoon and an evening, in the language that was drawn last. */
export const greetings = (): string[] => [8, 14, 20].map(greeting)
