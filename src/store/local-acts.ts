import type { Asks, Clock, Crew, Given, Kept, NewAsk, Version } from '../core/ports.ts'
import { Json } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import { AskId, newMessageId, newOutputId, newRunId, newSessionId, OutputId, RunId, CallId } from '../wire/id.ts'
import { Answer, OpenAsk } from '../wire/tool.ts'
import { z } from 'zod'
import type { NewAsk as NewAskRow, OpenAskRow } from './ask-rows.ts'
import type { ArgsOf, ChangeName, Reads, ResultOf } from './changes.ts'
import { fromCursor, pageFrom } from './cursor.ts'
import type { VersionRow } from './kept-rows.ts'
import { toRun } from './rows.ts'
import { titleOf } from './title.ts'

/** The store's parts that these methods stand on. `work` rings for whoever claims, `news` for whoever follows the feed. */
export type ActDeps = {
  clock: Clock
  reads: () => Reads
  write: <K extends ChangeName>(kind: K, args: ArgsOf<K>) => Promise<ResultOf<K>>
  work: () => void
  news: (owner: string) => void
}
const Stored = z.object({ by: z.enum(['person', 'time']) }).and(Answer)
const LATE = JSON.stringify({ allow: false, scope: 'once', by: 'time' })

export const toAskRow = (
  { ask, call, tool, agent, effect, why, shown, expires, allowance }: NewAsk,
  now: number,
): NewAskRow => ({
  id: ask,
  call,
  tool,
  agent,
  about: JSON.stringify({ effect, why, shown }),
  key: allowance.key,
  asked: now,
  expires: expires === null ? null : Date.parse(expires),
})

export function localActs({ clock, reads, write, work, news }: ActDeps): Asks & Crew & Kept {
  return {
    async answer(owner, run, ask, answer) {
      // What was asked for is not what is allowed, where something else is done in its place.
      const scope = answer.input === undefined ? answer.scope : 'once'
      const given = JSON.stringify({ ...answer, scope, by: 'person' } satisfies Given)
      const [allow, lasting] = [answer.allow ? 1 : 0, scope === 'session' ? 1 : 0]
      const written = write('answer', { owner, run, ask, answer: given, allow, lasting, now: clock.wall() })
      work()
      const row = await written
      news(owner)
      return toRun(row)
    },
    async asks(owner, { limit, before, session }) {
      const rows = reads().asks(owner, session ?? null, fromCursor(before), limit + 1)
      return pageFrom(rows, limit, (row) => row.seq, toOpenAsk)
    },
    async answersOf(run) {
      return new Map(
        reads()
          .answersOf(run)
          .map(({ id, answer }) => [AskId.parse(id), Stored.parse(JSON.parse(answer))]),
      )
    },
    async allowances(session) {
      return reads()
        .allowances(session)
        .map((row) => ({ ...row }))
    },
    async expireAsks() {
      const now = clock.wall()
      const { gone, next } = await write('expire', { now, answer: LATE })
      if (gone.length > 0) work()
      for (const owner of new Set(gone.map((one) => one.owner))) news(owner)
      return next === null ? null : Math.max(1, next - now)
    },

    async delegate({ owner, run, wish }, { agent, text, call }, { deepest, children }) {
      const { backend, model, priority } = wish
      const written = write('delegate', {
        owner,
        parent: run,
        key: `${run} ${call}`,
        session: newSessionId(),
        id: newMessageId(),
        run: newRunId(),
        agent,
        text,
        backend,
        model,
        priority,
        temperature: null,
        plan: 'never',
        format: null,
        title: titleOf(text),
        now: clock.wall(),
        deepest,
        most: children,
      })
      work()
      return toRun(await written)
    },

    async keepOutput(output) {
      const { id, bytes } = await write('keepOutput', { ...output, id: newOutputId() })
      return { output: OutputId.parse(id), bytes }
    },
    async outputOf(owner, output) {
      const row = reads().output(owner, output)
      if (row === null) throw new Fault('output.missing', { output })
      return { hash: row.hash, bytes: row.bytes }
    },
    async keepVersion(version) {
      await write('keepVersion', { ...version, created: clock.wall() })
    },
    async versionsOf(owner, run, call) {
      return reads().versionsOf(owner, run, call).map(toVersion)
    },
    async undone(seqs) {
      await write('undo', { seqs })
    },
  }
}

const toVersion = ({ seq, run, call, folder, path, before, after }: VersionRow): Version => ({
  seq,
  run: RunId.parse(run),
  call: CallId.parse(call),
  folder,
  path,
  before,
  after,
})

function toOpenAsk({ id, run, session, title, agent, call, tool, about, asked, expires }: OpenAskRow): OpenAsk {
  const more = z.record(z.string(), Json).parse(JSON.parse(about))
  return OpenAsk.parse({
    ...more,
    ask: id,
    run,
    session,
    title,
    agent,
    call,
    tool,
    asked: new Date(asked).toISOString(),
    expires: expires === null ? null : new Date(expires).toISOString(),
  })
}
