import type { DatabaseSync } from 'node:sqlite'
import type { AskChanges, AskReads, AskRow, OpenAskRow } from './ask-rows.ts'
import type { Batch, RunRow } from './changes.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { ROOT, UP } from './sqlite-children.ts'
import { CHANGES } from './statements.ts'

const WRITE = {
  run: CHANGES.run,
  ownRun: CHANGES.ownRun,
  add: `INSERT INTO asks (id, run, session, owner, call, tool, agent, about, key, asked, expires)
    SELECT :id, id, :session, owner, :call, :tool, :agent, :about, :key, :asked, :expires FROM runs WHERE id = :run`,
  root: ROOT,
  // A question that was answered before the run was parked for it needs no waiting.
  wait: `UPDATE runs SET worker = NULL, lease = 0, keeper = 0,
      state = iif(EXISTS (SELECT 1 FROM asks WHERE run = :run AND answer IS NULL), 'waiting', 'queued')
    WHERE id = :run AND epoch = :epoch AND state = 'running' RETURNING session`,
  ask: 'SELECT * FROM asks WHERE id = ? AND run = ?',
  answer: 'UPDATE asks SET answer = :answer WHERE id = :id',
  allow: 'INSERT INTO allowances (session, tool, key) VALUES (:session, :tool, :key) ON CONFLICT DO NOTHING',
  goOn: `UPDATE runs SET state = 'queued' WHERE id = ? AND state = 'waiting'`,
  late: 'SELECT * FROM asks WHERE answer IS NULL AND expires <= :now',
  next: 'SELECT min(expires) AS next FROM asks WHERE answer IS NULL AND expires IS NOT NULL',
  nextNews: CHANGES.nextNews,
  touch: CHANGES.touch,
} as const

export function askChanges(db: DatabaseSync, append: (batch: Batch) => boolean): AskChanges {
  const sql = prepareAll(db, WRITE)
  const touch = (session: string) => {
    sql.nextNews.run()
    sql.touch.run({ session })
  }
  return {
    park({ ask, ...batch }) {
      const run = sql.run.get(batch.run) as RunRow | undefined
      if (run?.epoch === batch.epoch && run.cancel === 1 && run.state === 'running')
        throw new Refusal('run.cancelled', batch.run)
      const fresh = batch.last > batch.after ? append(batch) : true
      if (fresh && ask !== null && run !== undefined) {
        const { id: session } = sql.root.get({ session: run.session }) as { id: string }
        sql.add.run({ ...ask, run: batch.run, session })
      }
      const { run: id, epoch } = batch
      const parked = sql.wait.get({ run: id, epoch }) as { session: string } | undefined
      if (parked !== undefined) touch(parked.session)
      else if (fresh) throw new Refusal('log.lost', 'the run is not held any more')
      return null
    },
    answer({ owner, run: id, ask: askId, answer, allow, lasting, now }) {
      const run = sql.ownRun.get({ owner, run: id }) as RunRow | undefined
      if (run === undefined) throw new Refusal('run.missing', id)
      const ask = sql.ask.get(askId, id) as AskRow | undefined
      if (ask === undefined) throw new Refusal('ask.missing', askId)
      if (ask.answer !== null) {
        if (ask.answer !== answer) throw new Refusal('ask.answered', askId)
        return run
      }
      const late = ask.expires !== null && ask.expires <= now
      if (late || run.state === 'ended' || run.cancel === 1) throw new Refusal('ask.over', askId)
      sql.answer.run({ id: askId, answer })
      if (allow === 1 && lasting === 1) sql.allow.run({ session: ask.session, tool: ask.tool, key: ask.key })
      sql.goOn.run(id)
      touch(ask.session)
      return sql.run.get(id) as RunRow
    },
    expire({ now, answer }) {
      const late = sql.late.all({ now }) as AskRow[]
      for (const { id, run, session } of late) {
        sql.answer.run({ id, answer })
        sql.goOn.run(run)
        touch(session)
      }
      const { next } = sql.next.get() as { next: number | null }
      return { gone: late.map(({ run, owner }) => ({ run, owner })), next }
    },
  }
}

export function askReads(db: DatabaseSync): AskReads {
  const sql = prepareAll(db, {
    asks: `SELECT a.*, s.title FROM asks a JOIN runs ON runs.id = a.run JOIN sessions s ON s.id = a.session
      WHERE a.owner = :owner AND a.answer IS NULL AND a.seq < :before AND (:session IS NULL OR a.session = :session)
        AND runs.state = 'waiting' AND s.removed IS NULL
      ORDER BY a.seq DESC LIMIT :limit`,
    answersOf: 'SELECT id, answer FROM asks WHERE run = ? AND answer IS NOT NULL ORDER BY seq',
    allowances: `${UP} SELECT a.tool, a.key FROM up JOIN allowances a ON a.session = up.id`,
  })
  return {
    asks: (owner, session, before, limit) => sql.asks.all({ owner, session, before, limit }) as OpenAskRow[],
    answersOf: (run) => sql.answersOf.all(run) as { id: string; answer: string }[],
    allowances: (session) => sql.allowances.all({ session }) as { tool: string; key: string }[],
  }
}
