// Every statement there is. PostgreSQL gets a file of its own beside this one, behind the same contract suite.

const SESSION = `id, owner, title, named, created, updated, used,
  (SELECT r.id FROM runs r INDEXED BY runs_turn
    WHERE r.session = sessions.id AND r.state <> 'ended' ORDER BY r.seq LIMIT 1) AS active`
const MESSAGE = 'seq, id, owner, session, run, role, text, created, agent, model, reason, fault'
const RUN =
  'seq, id, owner, session, message, state, reason, head, epoch, cancel, agent, backend, model, priority, created'
const NEXT_USE = '(SELECT coalesce(max(u.used), 0) + 1 FROM sessions u WHERE u.owner = :owner)'

export const CHANGES = {
  addSession: `INSERT INTO sessions (id, owner, title, named, created, updated, used)
    VALUES (:id, :owner, :title, :named, :now, :now, ${NEXT_USE}) RETURNING ${SESSION}`,
  renameSession: `UPDATE sessions SET title = :title, named = 1 WHERE id = :id AND owner = :owner RETURNING ${SESSION}`,
  runsOfSession: 'SELECT id FROM runs WHERE session = :id',
  removeSession: 'DELETE FROM sessions WHERE id = :id AND owner = :owner',
  useSession: `UPDATE sessions SET updated = :now, used = ${NEXT_USE}, title = iif(title = '', :title, title)
    WHERE id = :session AND owner = :owner`,

  ownsSession: 'SELECT 1 FROM sessions WHERE id = ? AND owner = ?',
  message: `SELECT ${MESSAGE} FROM messages WHERE id = ?`,
  run: `SELECT ${RUN} FROM runs WHERE id = ?`,
  addRun: `INSERT INTO runs (id, owner, session, message, agent, backend, model, priority, state, created)
    VALUES (:run, :owner, :session, :id, :agent, :backend, :model, :priority, 'queued', :now) RETURNING ${RUN}`,
  addMessage: `INSERT INTO messages (id, owner, session, run, role, text, created, agent, model, reason, fault)
    VALUES (:id, :owner, :session, :run, :role, :text, :now, :agent, :model, :reason, :fault) RETURNING ${MESSAGE}`,

  // The fence: offset, epoch and state are checked by the statement that moves the head.
  moveHead: `UPDATE runs SET head = ? WHERE id = ? AND epoch = ? AND head = ? AND state = 'running' RETURNING owner`,
  addChunk: 'INSERT INTO chunks (run, last, first, epoch, owner, entries) VALUES (?, ?, ?, ?, ?, ?)',
  sameChunk: 'SELECT 1 FROM chunks WHERE run = ? AND last = ? AND first = ? AND epoch = ? AND entries = ?',
  endRun: `UPDATE runs SET state = 'ended', reason = :reason, worker = NULL, lease = 0, keeper = 0 WHERE id = :run
    RETURNING owner, session`,

  // A cancelled run needs no turn: nothing is left of it but to write its end.
  claim: `UPDATE runs SET state = 'running', epoch = epoch + 1, worker = :worker, lease = :until, keeper = :keeper
    WHERE seq = (
      SELECT r.seq FROM runs r
      WHERE r.state <> 'ended' AND (r.state = 'queued' OR (r.state = 'running' AND r.lease <= :now))
        AND (:which = 'all' OR r.cancel = 1)
        AND (r.cancel = 1
          OR NOT EXISTS (SELECT 1 FROM runs o WHERE o.session = r.session AND o.seq < r.seq AND o.state <> 'ended'))
      ORDER BY r.seq LIMIT 1)
    RETURNING ${RUN}`,
  nextLease: `SELECT min(lease) AS next FROM runs WHERE state <> 'ended' AND state = 'running'`,
  renew: `UPDATE runs SET lease = :until WHERE id = :run AND epoch = :epoch AND state = 'running' RETURNING cancel`,
  release: `UPDATE runs SET state = 'queued', worker = NULL, lease = 0, keeper = 0
    WHERE id = :run AND epoch = :epoch AND state = 'running'`,
  voidLeases: `UPDATE runs SET lease = 0 WHERE state <> 'ended' AND state = 'running' AND keeper = 1`,

  cancel: `UPDATE runs SET cancel = iif(state = 'ended', cancel, 1), state = iif(state = 'waiting', 'queued', state)
    WHERE id = :run AND owner = :owner RETURNING ${RUN}`,
  answer: `INSERT INTO answers (ask, run, owner, allow, created)
    SELECT :ask, id, owner, :allow, :now FROM runs WHERE id = :run AND owner = :owner ON CONFLICT DO NOTHING`,
  requeue: `UPDATE runs SET state = iif(state = 'waiting', 'queued', state) WHERE id = :run AND owner = :owner`,
} as const

export const READS = {
  session: `SELECT ${SESSION} FROM sessions WHERE id = ? AND owner = ?`,
  sessions: `SELECT ${SESSION} FROM sessions WHERE owner = ? AND used < ? ORDER BY used DESC LIMIT ?`,
  messages: `SELECT ${MESSAGE} FROM messages WHERE session = ? AND owner = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  run: `SELECT ${RUN} FROM runs WHERE id = ? AND owner = ?`,
  log: `SELECT head, state = 'ended' AS ended FROM runs WHERE id = ?`,
  chunks: 'SELECT first, last, entries FROM chunks WHERE run = ? AND last > ? ORDER BY last',
  counts: `SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) AS open FROM runs WHERE state <> 'ended'`,
} as const
