import type { Key } from 'node:readline'
import { Refusal } from '../client/refusal.ts'
import type { RunId } from '../wire/id.ts'
import type { Answer } from '../wire/tool.ts'
import { askCard } from './ask-card.ts'
import type { Chat } from './chat-state.ts'
import { clean } from './clean.ts'
import { withFix } from './command.ts'
import { edited, editedSteps } from './editor.ts'
import type { askedOf } from './phase-words.ts'
import { bold, grey, red } from './terminal.ts'

type Open = NonNullable<ReturnType<typeof askedOf>>
type On = { stop: () => void; line: (text: string) => void; drawn: () => void }

/** What was typed for something else must not answer. */
const ARMED_MS = 700

/** Hears the keys while a run is shown, and answers its questions with them. */
export function asking(chat: Chat, run: RunId) {
  const { screen, front, client } = chat
  let open: Open | null = null
  let armed = false
  let busy = false
  let closed = false
  let on: On = { stop: () => {}, line: () => {}, drawn: () => {} }
  let timer: ReturnType<typeof setTimeout> | undefined
  let quiet: (() => void) | null = null
  const words = new AbortController()
  const work = new Set<Promise<void>>()
  const own = (promise: Promise<void>) => {
    work.add(promise)
    void promise.finally(() => work.delete(promise)).catch(() => undefined)
  }

  const answer = async (said: Partial<Answer> & { allow: boolean }): Promise<void> => {
    if (open === null) return
    const { id } = open.ask
    armed = false
    try {
      await client.call('asksAnswer', { params: { run, ask: id }, body: said })
    } catch (cause) {
      screen.note(
        red(
          cause instanceof Refusal ? clean(withFix(cause.fault)) : 'The server is away; answer again once it is back.',
        ),
      )
      armed = open?.ask.id === id
    }
  }
  const edit = async (): Promise<void> => {
    if (open === null) return
    const { input, ask } = open
    const { shown } = ask
    const change = await alone(() =>
      front.lend(() => (shown?.kind === 'plan' ? editedSteps(shown.steps) : edited(input))),
    )
    if (change === null) screen.note(grey('Nothing was changed.'))
    else if ('why' in change) screen.note(red(change.why))
    else return await answer({ allow: true, input: change.input })
    hint()
  }
  /** Something else has the terminal meanwhile. */
  const alone = async <T>(other: () => Promise<T>): Promise<T> => {
    busy = true
    screen.status(null)
    quiet?.()
    quiet = null
    try {
      return await other()
    } finally {
      busy = false
      if (!closed) listen()
    }
  }
  const question = async (options: readonly string[]): Promise<void> => {
    const said = await alone(() => front.line(bold('answer › '), '', words.signal))
    if (typeof said === 'string') {
      if (!words.signal.aborted) on.stop()
      return
    }
    const text = said.text.trim()
    if (text === '/stop') return on.stop()
    const refusal = /^\/deny\b\s*(.*)$/.exec(text)
    if (refusal) return await answer({ allow: false, ...(refusal[1] ? { reason: refusal[1] } : {}) })
    await answer({ allow: true, text: options[Number(text) - 1] ?? text })
  }
  /** Where no key can be heard, a line answers. */
  const byLine = async (): Promise<void> => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- the log changes them
    while (armed && open !== null) {
      const said = await alone(() => front.line('a, s, d, /deny REASON or /stop › ', '', words.signal))
      if (typeof said === 'string') {
        if (said === 'end')
          screen.note('Nobody is there to answer it; it waits on the page, and for pkn chat --resume.')
        return
      }
      const text = said.text.trim()
      if (text === 'a' || text === '/allow') return await answer({ allow: true })
      if (text === 's') return await answer({ allow: true, scope: 'session' })
      if (text === 'd' || text.startsWith('/deny')) {
        const reason = text.replace(/^(?:d|\/deny)\s*/, '')
        return await answer({ allow: false, ...(reason === '' ? {} : { reason }) })
      }
      if (text === '/stop') return on.stop()
    }
  }
  const hint = () => {
    armed = true
    const shown = open?.ask.shown
    if (shown?.kind === 'question') own(question(shown.options))
    else if (front.keys === null) own(byLine())
    else if (shown?.kind === 'plan') screen.note('a approve · d refuse · e change the steps, one a line · /deny REASON')
    else screen.note('a allow · s allow in this session · d refuse · e edit · /deny REASON')
  }
  const key = (typed: string | undefined, { name, ctrl, meta }: Key) => {
    if (ctrl === true && (name === 'c' || name === 'd')) return name === 'c' ? on.stop() : on.line('/quit')
    if (open !== null && chat.ahead === '') {
      if (!armed && typed !== '/') return
      if (typed === 'a') return own(answer({ allow: true }))
      if (typed === 's') return own(answer({ allow: true, scope: 'session' }))
      if (typed === 'd') return own(answer({ allow: false }))
      if (typed === 'e') return own(edit())
      if (typed === 'v') for (const line of askCard(open, Infinity)) screen.note(line)
    }
    if (name === 'return' || name === 'enter') {
      const line = chat.ahead
      chat.ahead = ''
      const said = /^\/(allow|deny)\b\s*(.*)$/.exec(line)
      if (said && open !== null)
        own(answer(said[1] === 'allow' ? { allow: true } : { allow: false, ...(said[2] ? { reason: said[2] } : {}) }))
      else on.line(line)
    } else if (name === 'backspace') chat.ahead = chat.ahead.slice(0, -1)
    else if (
      typed !== undefined &&
      ctrl !== true &&
      meta !== true &&
      !(open !== null && chat.ahead === '' && typed !== '/')
    )
      chat.ahead += clean(typed)
    on.drawn()
  }
  const listen = () => {
    quiet ??= front.keys?.((typed, pressed) => key(typed, pressed)) ?? null
  }
  listen()
  return {
    on: (what: On) => (on = what),
    busy: () => busy,
    /** Which question is open now. */
    look: (asked: Open | null) => {
      if (asked?.ask.id === open?.ask.id) return
      clearTimeout(timer)
      open = asked
      armed = false
      if (asked === null) return
      for (const line of askCard(asked)) screen.note(line)
      timer = setTimeout(hint, front.keys === null ? 0 : ARMED_MS)
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      words.abort()
      quiet?.()
      quiet = null
    },
    done: async () => void (await Promise.allSettled(work)),
  }
}
