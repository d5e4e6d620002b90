import type { RunId } from '../wire/id.ts'
import { elapsed } from '../wire/phase-words.ts'
import type { Chat } from './chat-state.ts'
import { asking } from './chat-asks.ts'
import { printer } from './answer-print.ts'
import { askedOf, statusOf } from './phase-words.ts'
import { howItEnded, sourceLines } from './run-end.ts'
import { grey, red } from './terminal.ts'
import { watchRun } from './watch-run.ts'

const TICK_MS = 250

/** Shows a run until it has ended or is left, whatever is typed meanwhile; tells whether it is left. */
export async function showRun(chat: Chat, run: RunId): Promise<'ended' | 'left'> {
  const { client, screen } = chat
  chat.run = run
  const print = printer(screen, () => chat.thoughts)
  let lost = false
  const watch = watchRun(client, run, {
    line: ({ state }) => {
      if (state === 'lost' && !lost) screen.note(red('The server is away; the answer goes on once it is back.'))
      if (state === 'open' && lost) screen.note(grey('The server is back.'))
      lost = state === 'lost'
    },
    entries: (entries, draft) => {
      print.entries(entries, draft)
      asks.look(askedOf(draft))
      tick()
    },
  })
  const asks = asking(chat, run)
  const tick = () => {
    if (asks.busy()) return
    const { ahead } = chat
    // While words come they are the sign of life.
    if (ahead === '' && Date.now() - print.wrote() < 900) return screen.status(null)
    screen.status(`${statusOf(watch.seen(), Date.now())}${ahead === '' ? '' : ` › ${ahead}`}`)
  }
  const clock = setInterval(tick, TICK_MS)
  let stops = 0
  const onStop = () => {
    stops += 1
    if (stops > 1) return watch.leave()
    watch.stop()
    screen.note(grey('Stopping; Ctrl-C once more leaves the chat.'))
  }
  const typed = (line: string) => {
    if (line.trim() === '/stop') onStop()
    else if (line.trim() === '/quit') watch.leave()
    else if (line.trim() !== '') {
      chat.next.push(line)
      screen.note(grey(`Comes next: ${line}`))
    }
  }
  asks.on({ stop: onStop, line: typed, drawn: tick })
  process.on('SIGINT', onStop)
  process.on('SIGTERM', watch.leave)
  process.on('SIGHUP', watch.leave)
  try {
    const draft = await watch.ended
    asks.close()
    await asks.done()
    screen.status(null)
    print.end()
    if (draft.end === null) {
      screen.note(
        watch.told()
          ? 'The run is being stopped.'
          : 'The run goes on without this chat: pkn chat --resume comes back to it.',
      )
      return 'left'
    }
    for (const line of sourceLines(draft)) screen.note(grey(line))
    const { code, note } = howItEnded(draft)
    if (note !== null) screen.note(code === 1 ? red(note) : grey(note))
    else screen.note(grey(elapsed(draft.t)))
    return 'ended'
  } finally {
    clearInterval(clock)
    asks.close()
    screen.status(null)
    process.off('SIGINT', onStop).off('SIGTERM', watch.leave).off('SIGHUP', watch.leave)
  }
}
