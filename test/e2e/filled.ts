import type { Client } from '../../src/client/client.ts'
import type { SessionArchive } from '../../src/wire/archive.ts'
import { newMessageId, newRunId, type AgentName, type RunId } from '../../src/wire/id.ts'
import type { Session } from '../../src/wire/message.ts'

/** A message and its answer; `after` is the place in the list of what it follows, if that is not the one before it. */
export type Said = { text: string; answer: string; after?: number | null }

/** Puts a chat into the store as if it had been had, a minute for each message, and the last one shown. */
export async function fill(client: Client, title: string, said: readonly Said[]): Promise<Session> {
  const begin = Date.parse('2026-03-02T08:00:00Z')
  const runs: RunId[] = said.map(() => newRunId())
  const at = (i: number, s = 0) => new Date(begin + i * 60_000 + s * 1000).toISOString()
  const archive: SessionArchive = {
    pkn: 'session',
    version: 1,
    session: {
      title,
      named: true,
      created: at(0),
      updated: at(said.length),
      tip: runs.at(-1) ?? null,
      pinned: false,
      folder: null,
      archived: false,
    },
    turns: said.map(({ text, answer, after }, i) => ({
      id: newMessageId(),
      after: (after === undefined ? runs[i - 1] : after === null ? null : runs[after]) ?? null,
      text,
      created: at(i),
      answers: [
        {
          id: runs[i]!,
          created: at(i),
          answered: at(i, 20),
          wish: { agent: null, backend: 'local', model: null, priority: 'interactive' },
          text: answer,
          agent: 'general' as AgentName,
          model: 'qwen3-8b-q4',
          reason: 'done',
          fault: null,
        },
      ],
    })),
  }
  const file = { name: `${title}.json`, text: JSON.stringify(archive) }
  const { sessions, skipped } = await client.call('importFile', { body: file })
  const [session] = sessions
  if (session === undefined) throw new Error(`not taken in: ${JSON.stringify(skipped)}`)
  return session
}

/** So many messages about nothing, with other words in some places. */
export const talkOf = (length: number, others: Record<number, Said> = {}): Said[] =>
  Array.from(
    { length },
    (_, i) =>
      others[i] ?? { text: `Number ${i}, please.`, answer: `This is number ${i}. Nothing more is to be said of it.` },
  )
