import { Refusal, Unreachable } from '../client/refusal.ts'
import type { Attachment } from '../wire/attachment.ts'
import type { Run, Session } from '../wire/message.ts'
import type { Recalled } from '../wire/recall.ts'
import { countsOf } from '../wire/sources.ts'
import { elapsed } from '../wire/phase-words.ts'
import { askedLine } from './ask-lines.ts'
import { newWords } from './answer-words.ts'
import { readWish, type AskWish } from './ask-wish.ts'
import { clean, cleaner, cleanLine, jsonLine } from './clean.ts'
import { withFix, UsageError, type ExitCode } from './command.ts'
import { askedOf, statusOf, type Seen } from './phase-words.ts'
import { answerJson, howItEnded, sourceLines } from './run-end.ts'
import { attach, fileNamed, sayIt } from './say-it.ts'
import { isDumb, screenOn, type Screen } from './screen.ts'
import { NotRunning, serverHere, type ServerHere } from './server-here.ts'
import { MOST_INPUT, readInput, type Input } from './stdin-text.ts'
import { watchRun, type Watch } from './watch-run.ts'

const TICK_MS = 250
const WAIT_MS = 3000
const WAITS = 'Waiting for the end of standard input; where nothing comes in: pkn ask "..." </dev/null'

/** Asks, and gives the answer on standard output: its words and nothing else. Everything about it goes to standard error. */
export async function ask(args: string[]): Promise<ExitCode> {
  const wish = readWish(args)
  const { stdout, stderr } = process
  const screen = screenOn({ words: stdout, notes: stderr, rewrites: stderr.isTTY && !isDumb() })
  const interrupted = new AbortController()
  let watch: Watch | null = null
  let stops = 0
  const onStop = () => {
    stops += 1
    if (watch === null) interrupted.abort()
    else if (stops === 1) {
      watch.stop()
      screen.note('Stopping the run; Ctrl-C once more does not wait for it.')
    } else watch.leave()
  }
  // Whoever ends this process does not end the run.
  const onEnd = () => (watch === null ? interrupted.abort() : watch.leave())
  const began = Date.now()
  const waiting = { text: 'Reading standard input' }
  const status = () => {
    screen.status(watch === null ? `${waiting.text} · ${elapsed(Date.now() - began)}` : quietly(watch.seen()))
  }
  let wrote = -Infinity
  // While words come, they are the sign of life.
  const quietly = (seen: Seen): string | null =>
    stdout.isTTY && Date.now() - wrote < 900 ? null : statusOf(seen, Date.now())
  const clock = setInterval(status, TICK_MS)
  process.on('SIGINT', onStop).on('SIGTERM', onEnd).on('SIGHUP', onEnd)
  try {
    const idle = setTimeout(() => screen.note(WAITS), WAIT_MS)
    const input = await readInput(process.stdin, interrupted.signal).finally(() => clearTimeout(idle))
    waiting.text = 'Asking the server'
    const server = await serverHere(wish.start, (text) => (waiting.text = `Starting the server: ${text}`))
    const { session, run } = await begin(server, wish, input, screen, interrupted.signal)
    const out = outlet(wish, screen, () => (wrote = Date.now()))
    const used = (recalled: Recalled) => {
      const counts = countsOf([recalled])
      if (wish.json === null && counts !== null) screen.note(`Used ${counts}`)
    }
    const told = { lost: false, ask: null as string | null }
    watch = watchRun(server.client, run.id, {
      line: ({ state }) => {
        if (state === 'lost' && !told.lost)
          screen.note('The server is away. The answer goes on where it was once it is back.')
        if (state === 'open' && told.lost) screen.note('The server is back.')
        told.lost = state === 'lost'
      },
      entries: (entries, draft) => {
        // Before the words that rest on it: both may come at once.
        for (const { event } of entries) if (event.type === 'recall') used(event)
        out(entries, draft)
        if (entries.some(({ event }) => event.type === 'phase')) status()
        const asked = askedOf(draft)
        if (asked === null || asked.ask.id === told.ask) return
        told.ask = asked.ask.id
        screen.note(`${askedLine(asked)} Answer it with: pkn chat --open ${session.id}`)
      },
    })
    const timer = wish.timeoutMs === null ? undefined : setTimeout(watch.stop, wish.timeoutMs)
    const draft = await watch.ended.finally(() => clearTimeout(timer))
    screen.status(null)
    if (draft.end === null) {
      screen.note(
        watch.told()
          ? `Not waited for any longer; the run is being stopped. How it ended: pkn chat --open ${session.id}`
          : `The run goes on. Follow it with: pkn chat --open ${session.id}`,
      )
      return 130
    }
    if (wish.json === 'answer') stdout.write(`${jsonLine(answerJson(session.id, run.id, draft))}\n`)
    else if (wish.json === null && screen.open()) screen.write('\n')
    if (wish.json === null) for (const line of sourceLines(draft)) screen.note(line)
    const { code, note } = howItEnded(draft)
    if (draft.end.reason === 'cancelled' && stops === 0 && wish.timeoutMs !== null) {
      screen.note(
        `Stopped after ${elapsed(wish.timeoutMs)}, as --timeout wants it. What was written is kept: ${session.id}`,
      )
      return 1
    }
    if (note !== null) screen.note(note)
    return code
  } catch (cause) {
    screen.status(null)
    if (interrupted.signal.aborted) {
      screen.note('Stopped before it was asked.')
      return 130
    }
    return refused(cause, screen)
  } finally {
    clearInterval(clock)
    screen.status(null)
    process.off('SIGINT', onStop).off('SIGTERM', onEnd).off('SIGHUP', onEnd)
  }
}

function refused(cause: unknown, screen: Screen): ExitCode {
  if (cause instanceof NotRunning || cause instanceof Unreachable) {
    screen.note(`pkn ask: ${cause.message}`)
    return 3
  }
  if (!(cause instanceof Refusal)) throw cause
  screen.note(`pkn ask: ${clean(withFix(cause.fault))}`)
  // What the server does not know or take was not understood, and nothing was done.
  return cause.status < 500 ? 2 : 1
}

async function begin(
  { client }: ServerHere,
  wish: AskWish,
  input: Input | null,
  screen: Screen,
  signal: AbortSignal,
): Promise<{ session: Pick<Session, 'id'>; run: Run }> {
  if (wish.question.trim() === '' && input === null)
    throw new UsageError('ask what? The question is an argument, or comes in by standard input.')
  const files = wish.files.map(fileNamed)
  const attachments: Attachment[] = []
  for (const { name, bytes } of files) attachments.push(await attach(client, name, bytes, signal))
  let text = wish.question
  if (input?.cut === true)
    screen.note(
      `Standard input is cut: the first ${MOST_INPUT.toLocaleString('en-US')} bytes are taken, and the agent is told so.`,
    )
  if (input !== null && text.trim() === '' && input.text !== null) text = input.text + (input.cut ? CUT : '')
  else if (input !== null) {
    attachments.push(await attach(client, 'standard input', input.bytes, signal))
    if (input.cut) text += CUT
  }
  const session =
    wish.session === null
      ? await client.call('sessionsCreate', { body: {} }, signal)
      : wish.session === 'last'
        ? await newest(client, signal)
        : { id: wish.session }
  const said = { text, attachments, agent: wish.agent, model: wish.model, plan: wish.plan }
  try {
    return { session, run: await sayIt(client, session.id, said, signal) }
  } catch (cause) {
    // What was refused leaves no empty chat behind.
    if (cause instanceof Refusal && wish.session === null)
      await client.call('sessionsRemove', { params: { session: session.id } }, signal)
    throw cause
  }
}

const CUT = '\n\n(What came in by standard input was too long and is cut: this is its beginning.)'

async function newest({ call }: ServerHere['client'], signal: AbortSignal): Promise<Session> {
  const { sessions } = await call('sessionsList', { query: { limit: 1 } }, signal)
  return sessions[0] ?? (await call('sessionsCreate', { body: {} }, signal))
}

/** Where what is said goes, in the form that is wanted. */
function outlet(
  { json }: AskWish,
  screen: Screen,
  wrote: () => void,
): NonNullable<Parameters<typeof watchRun>[2]['entries']> {
  const news = newWords()
  let words = cleaner()
  return (entries, draft) => {
    if (json === 'answer') return
    if (json === 'entries') {
      for (const entry of entries) process.stdout.write(`${jsonLine(entry)}\n`)
      return
    }
    const { again, words: fresh } = news(draft)
    if (again) {
      screen.note(
        `The model failed in the middle of it, so the answer begins again${named(draft.steps.at(-1)?.model)}:`,
      )
      if (screen.open()) screen.write('\n')
      words = cleaner()
    }
    const shown = words(fresh)
    if (shown !== '') wrote()
    screen.write(shown)
  }
}

const named = (model: string | undefined): string => (model === undefined ? '' : ` with ${cleanLine(model)}`)
