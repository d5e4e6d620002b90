import type { AskChanges, AskReads } from './ask-rows.ts'
import type { Batch } from './changes.ts'
import type { Disk, StoredRun } from './memory-disk.ts'
import { runRow } from './memory-disk.ts'
import { upFromSession } from './memory-children.ts'
import { Refusal } from './refusal.ts'

export function memoryAskChanges(
  disk: Disk,
  fenced: (batch: Batch) => StoredRun | null,
  write: (run: StoredRun, batch: Batch) => void,
): AskChanges {
  const touch = (session: string) => {
    const there = disk.sessions.get(session)
    if (there !== undefined) there.changed = ++disk.news
  }
  const goOn = (id: string) => {
    const run = disk.runs.get(id)
    if (run?.state === 'waiting') run.state = 'queued'
  }
  return {
    park({ ask, ...batch }) {
      const there = disk.runs.get(batch.run)
      if (there?.epoch === batch.epoch && there.cancel === 1 && there.state === 'running')
        throw new Refusal('run.cancelled', batch.run)
      const empty = batch.last === batch.after
      const run = empty ? there : fenced(batch)
      if (run === null) return null
      if (run?.epoch !== batch.epoch || run.state !== 'running')
        throw new Refusal('log.lost', 'the run is not held any more')
      if (!empty) write(run, batch)
      const { id, session: own, owner } = run
      const session = upFromSession(disk, own).at(-1)!
      if (ask !== null) disk.asks.set(ask.id, { ...ask, seq: disk.next(), run: id, session, owner, answer: null })
      const open = [...disk.asks.values()].some((one) => one.run === id && one.answer === null)
      run.state = open ? 'waiting' : 'queued'
      run.worker = null
      touch(session)
      if (own !== session) touch(own)
      return null
    },
    answer({ owner, run: id, ask: askId, answer, allow, lasting, now }) {
      const run = disk.runs.get(id)
      if (run?.owner !== owner || disk.sessions.get(run.session)?.removed !== null) throw new Refusal('run.missing', id)
      const ask = disk.asks.get(askId)
      if (ask?.run !== id) throw new Refusal('ask.missing', askId)
      if (ask.answer !== null) {
        if (ask.answer !== answer) throw new Refusal('ask.answered', askId)
        return runRow(run)
      }
      const late = ask.expires !== null && ask.expires <= now
      if (late || run.state === 'ended' || run.cancel === 1) throw new Refusal('ask.over', askId)
      disk.asks.set(askId, { ...ask, answer })
      if (allow === 1 && lasting === 1) {
        const { session, tool, key } = ask
        const known = disk.allowances.get(session) ?? []
        if (!known.some((a) => a.tool === tool && a.key === key))
          disk.allowances.set(session, [...known, { tool, key }])
      }
      goOn(id)
      touch(ask.session)
      return runRow(run)
    },
    expire({ now, answer }) {
      const open = () => [...disk.asks.values()].filter((ask) => ask.answer === null && ask.expires !== null)
      const late = open().filter((ask) => ask.expires! <= now)
      for (const ask of late) {
        disk.asks.set(ask.id, { ...ask, answer })
        goOn(ask.run)
        touch(ask.session)
      }
      const next = open().reduce((least, { expires }) => Math.min(least, expires!), Infinity)
      return { gone: late.map(({ run, owner }) => ({ run, owner })), next: next === Infinity ? null : next }
    },
  }
}

export function memoryAskReads(disk: Disk): AskReads {
  return {
    asks: (owner, session, before, limit) =>
      [...disk.asks.values()]
        .filter((ask) => ask.owner === owner && ask.answer === null && ask.seq < before)
        .filter((ask) => session === null || ask.session === session)
        .filter(
          (ask) => disk.runs.get(ask.run)?.state === 'waiting' && disk.sessions.get(ask.session)?.removed === null,
        )
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit)
        .map((ask) => ({ ...ask, title: disk.sessions.get(ask.session)?.title ?? '' })),
    answersOf: (run) =>
      [...disk.asks.values()].flatMap(({ id, run: of, answer }) =>
        of === run && answer !== null ? [{ id, answer }] : [],
      ),
    allowances: (session) => upFromSession(disk, session).flatMap((one) => disk.allowances.get(one) ?? []),
  }
}
