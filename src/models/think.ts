const OPEN = '<think>'
const CLOSE = '</think>'

type Say = (kind: 'thought' | 'text', text: string) => void

/**
 * Tells thought from text in the content of servers that leave the model's `<think>` tags in it. The tags count only around the very start of
 * the answer, so that an answer about tags keeps them. Holds back no more than what may be a part of a tag, and white space before one.
 *
 * If the model's template opened the thought, only `</think>` comes. By then the thought was passed on as text, which can't be unsaid; it
 * stays as it is. An answer that goes on from `text` has its start behind it. Servers that know the template avoid this (llama.cpp's `--reasoning-format`, vLLM's `--reasoning-parser`).
 */
export function thinkTags(
  say: Say,
  from: 'start' | 'text' = 'start',
): { take: (text: string) => void; end: () => void } {
  let place: 'start' | 'opened' | 'thought' | 'closed' | 'text' = from
  let held = ''

  const take = (text: string): void => {
    if (place === 'text') say('text', text)
    else step(held + text)
  }
  const step = (text: string): void => {
    held = ''
    switch (place) {
      case 'start': {
        const begun = text.trimStart()
        if (begun.startsWith(OPEN)) {
          place = 'opened'
          step(begun.slice(OPEN.length))
        } else if (OPEN.startsWith(begun)) held = text
        else {
          place = 'text'
          say('text', text)
        }
        return
      }
      case 'opened': {
        const thought = text.trimStart()
        if (thought === '') return
        place = 'thought'
        step(thought)
        return
      }
      case 'thought': {
        const close = text.indexOf(CLOSE)
        const end = close === -1 ? text.length - tailOf(text) : close
        if (end > 0) say('thought', text.slice(0, end))
        if (close === -1) held = text.slice(end)
        else {
          place = 'closed'
          step(text.slice(close + CLOSE.length))
        }
        return
      }
      case 'closed': {
        const answer = text.trimStart()
        if (answer === '') return
        place = 'text'
        say('text', answer)
        return
      }
      case 'text':
        say('text', text)
    }
  }
  const end = (): void => {
    if (held !== '') say(place === 'thought' ? 'thought' : 'text', held)
    held = ''
  }
  return { take, end }
}

/** How many characters at the end may be the beginning of the closing tag. */
function tailOf(text: string): number {
  for (let n = Math.min(CLOSE.length - 1, text.length); n > 0; n--) if (text.endsWith(CLOSE.slice(0, n))) return n
  return 0
}
