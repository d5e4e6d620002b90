import type { Entry } from '../wire/event.ts'
import { thoughtOf, type Draft } from '../wire/fold.ts'
import { countsOf } from '../wire/sources.ts'
import { newWords } from './answer-words.ts'
import { cleaner, cleanLine } from './clean.ts'
import { prose, type Prose, type Style } from './prose.ts'
import type { Screen } from './screen.ts'
import { fitted } from './width.ts'
import { bold, cyan, grey } from './terminal.ts'

const same = (text: string): string => text
const SPOKEN: Style = { bold, code: cyan, words: same }
const THOUGHT: Style = { bold: grey, code: grey, words: grey }

export type Printer = {
  entries: (entries: readonly Entry[], draft: Draft) => void
  end: () => void
  /** When words were written last. */ wrote: () => number
}

/** An answer on a terminal: who answers, its thoughts if they are wanted, its words, and what its agent does meanwhile. */
export function printer(screen: Screen, thoughts: () => boolean): Printer {
  const news = newWords()
  let words = cleaner()
  let spoken = prose(screen.columns, SPOKEN)
  const thinking = { words: cleaner(), prose: prose(screen.columns, THOUGHT), told: 0, open: false }
  let wrote = -Infinity
  const put = (layout: Prose, text: string) => {
    const piece = text === '' ? layout.end() : layout.push(text)
    if (piece.text !== '') wrote = Date.now()
    screen.write(piece.text, piece.styled)
  }
  const closeThought = () => {
    if (!thinking.open) return
    put(thinking.prose, '')
    if (screen.open()) screen.write('\n')
    thinking.open = false
  }
  const note = (line: string) => {
    closeThought()
    put(spoken, '')
    screen.note(grey(fitted(line, screen.columns() - 1)))
  }
  const about = (entry: Entry, draft: Draft) => {
    const { event } = entry
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- of the rest nothing is told in a line
    switch (event.type) {
      case 'step.start':
      case 'step.continue': {
        if (event.step > 1) return
        const who = draft.route === null ? '' : `${cleanLine(draft.route.title)} · `
        const where = event.remote === undefined ? '' : ` · your words go to ${cleanLine(event.remote)}`
        return note(`${who}${cleanLine(event.model)}${event.practice === true ? ' (knows nothing)' : ''}${where}`)
      }
      case 'endpoint.skip':
        return note(`${cleanLine(event.endpoint)} was passed over: ${cleanLine(event.why)}`)
      case 'tool.start': {
        const call = draft.parts.find((part) => part.kind === 'tool' && part.call === event.call)
        if (call?.kind === 'tool')
          note(`▸ ${cleanLine(call.tool)} ${cleanLine(JSON.stringify(call.ask?.input ?? call.input))}`)
        return
      }
      case 'tool.end':
        return note(
          `${event.ok ? '✓' : '✗'} ${cleanLine(typeof event.output === 'string' ? event.output : JSON.stringify(event.output))}`,
        )
      case 'recall': {
        const counts = countsOf([event])
        return counts === null ? undefined : note(`Used ${counts}`)
      }
      case 'guard':
        return note(cleanLine(event.text))
      default:
        return
    }
  }
  return {
    entries: (entries, draft) => {
      for (const entry of entries) about(entry, draft)
      const thought = thoughtOf(draft)
      if (thoughts() && thought.length > thinking.told) {
        thinking.open = true
        put(thinking.prose, thinking.words(thought.slice(thinking.told)) || '')
      }
      thinking.told = thought.length
      const { again, words: fresh } = news(draft)
      if (again) {
        note('The model failed in the middle of it, so the answer begins again:')
        words = cleaner()
        spoken = prose(screen.columns, SPOKEN)
      }
      const shown = words(fresh)
      if (shown === '') return
      closeThought()
      put(spoken, shown)
    },
    end: () => {
      closeThought()
      put(spoken, '')
      if (screen.open()) screen.write('\n')
    },
    wrote: () => wrote,
  }
}
