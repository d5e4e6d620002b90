import { connectTo, type Client } from '../../src/client/client.ts'
import type { Entry } from '../../src/wire/event.ts'
import { EMPTY, foldAll, type Draft } from '../../src/wire/fold.ts'
import { newMessageId, START, type RunId, type SessionId } from '../../src/wire/id.ts'
import { freePort, scratch, startProcess } from '../process.ts'
import { startTelling, type HoldAt, type TellingServer } from '../telling-server.ts'

const never = new AbortController().signal

export async function say(client: Client, session: SessionId, text: string, id = newMessageId()): Promise<RunId> {
  const { run } = await client.call('messagesSubmit', { params: { session }, body: { id, text } })
  return run.id
}

/** Everything that a reader sees who comes back whenever it must. */
export async function readAll(
  client: Client,
  run: RunId,
  onEntry: (draft: Draft) => void = () => {},
): Promise<Entry[]> {
  const all: Entry[] = []
  let draft = EMPTY
  for await (const batch of client.follow(run, START, never)) {
    for (const entry of batch) {
      all.push(entry)
      draft = foldAll(draft, [entry])
      onEntry(draft)
    }
  }
  return all
}

export const wholeLog = async (client: Client, run: RunId) =>
  (await client.call('runsFollow', { params: { run }, query: { limit: 10_000 } })).entries

/** A text of words that are told apart. */
export const words = (n: number) => Array.from({ length: n }, (_, i) => ` w${i}`).join('')

/** Each answer is told so far only as the word of its turn, and further once all have had theirs: who is to be killed in it is still at it. */
export const heldAfter =
  (text: string, ...last: readonly string[]): HoldAt =>
  (nth) => {
    const word = last[nth]
    return word === undefined ? Infinity : text.indexOf(word) + word.length + 10
  }

/** The true server with a model that tells `text`, a word each `ms`, and the means to kill it and start it again on its port. */
export async function withServer(
  told: { text: string; ms?: number; prefill?: boolean; holdAt?: HoldAt },
  work: (at: {
    client: Client
    session: SessionId
    upstream: TellingServer
    home: string
    restart: (signal?: NodeJS.Signals) => Promise<void>
    log: () => string
  }) => Promise<void>,
): Promise<void> {
  const { home, log, remove } = scratch()
  const upstream = await startTelling(told.text, { size: 3, ...told })
  const port = await freePort()
  const settings = { PKN_PORT: String(port), LLAMA_BASE_URL: upstream.url }
  let server = await startProcess(home, settings)
  const client = connectTo(server.url)
  try {
    const session = (await client.call('sessionsCreate', { body: {} })).id
    await work({
      client,
      session,
      upstream,
      home,
      log,
      restart: async (signal = 'SIGKILL') => {
        await server.kill(signal)
        server = await startProcess(home, settings)
      },
    })
  } finally {
    await server.kill()
    await upstream.close()
    remove()
  }
}
