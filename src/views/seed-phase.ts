import type { EventOf } from '../wire/event.ts'

const WORDS: Readonly<Record<string, string>> = { saving: 'saving the answer', asking: 'waiting for a permission' }

/** What is on, as a comment that people may read in the raw stream: `: reading 1,200 of 4,000 tokens`. */
export function phaseComment({ phase, done, total, unit, etaMs }: EventOf<'phase'>): string {
  const number = (n: number) => n.toLocaleString('en-US')
  const far = done === undefined ? '' : ` ${number(done)}${total === undefined ? '' : ` of ${number(total)}`}`
  const what = far === '' || unit === undefined ? '' : ` ${unit}`
  const about = etaMs === undefined ? '' : `, about ${number(Math.max(1, Math.round(etaMs / 1000)))} s`
  // A comment ends with its line.
  return `: ${(WORDS[phase] ?? phase) + (far + what + about).replaceAll(/\p{Cc}/gu, ' ')}\n\n`
}
