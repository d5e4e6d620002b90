// Every statement there is. PostgreSQL gets a file of its own beside this one, behind the same contract suite.

const SESSION = `id, owner, title, named, created, updated, used, tip, pinned, folder, archived, removed, changed,
  (SELECT p.id FROM projects p WHERE p.id = sessions.project AND p.removed IS NULL) AS project,
  (SELECT r.id FROM runs r INDEXED BY runs_turn
    WHERE r.session = sessions.id AND r.state <> 'ended' ORDER BY r.seq LIMIT 1) AS active`
const MESSAGE =
  'seq, id, owner, session, run, role, text, created, agent, model, reason, fault, after, finish, remote, recalled, did'
const RUN = `seq, id, owner, session, message, state, reason, head, epoch, cancel, agent, backend, model, priority, created,
  base, continues, key, temperature, plan, format`
/** The sessions of what a run handed on, and of what those did. */
const BELOW = `WITH RECURSIVE below (id) AS (
    SELECT id FROM sessions WHERE parent = :run
    UNION ALL
    SELECT s.id FROM below b JOIN runs r ON r.session = b.id JOIN sessions s ON s.parent = r.id)`
/** A session, and those that belong to its runs. */
const UNDER = `WITH RECURSIVE under (id) AS (
    SELECT :id
    UNION ALL
    SELECT s.id FROM under u JOIN runs r ON r.session = u.id JOIN sessions s ON s.parent = r.id)`
const NEXT_USE = '(SELECT coalesce(max(u.used), 0) + 1 FROM sessions u WHERE u.owner = :owner)'
/** What belongs to a session that was removed is as missing. */
const THERE = 'EXISTS (SELECT 1 FROM sessions s WHERE s.id = runs.session AND s.removed IS NULL)'

/** A question where it stands on a path: with this version of its answer, all versions, and its siblings. */
const ASKED = `m.seq, m.id, m.owner, m.session, p.run AS run, m.role, m.text, m.created, m.agent, m.model, m.reason, m.fault, m.after,
  m.finish, m.remote, m.recalled, m.did,
  (SELECT json_group_array(v.id) FROM (SELECT id FROM runs WHERE message = m.id ORDER BY seq) v) AS runs,
  (SELECT json_group_array(b.id) FROM (SELECT id FROM messages
    WHERE session = m.session AND role = 'user' AND after IS m.after ORDER BY seq) b) AS siblings,
  (SELECT json_group_array(json_object('id', f.id, 'name', f.name, 'type', f.type, 'bytes', f.bytes)) FROM (
    SELECT a.* FROM attached t JOIN attachments a ON a.id = t.attachment WHERE t.message = m.id ORDER BY t.place) f) AS attachments`
const SAID = `m.seq, m.id, m.owner, m.session, m.run, m.role, m.text, m.created, m.agent, m.model, m.reason, m.fault, m.after,
  m.finish, m.remote, m.recalled, m.did, '[]' AS runs, '[]' AS siblings, '[]' AS attachments`

export const CHANGES = {
  addSession: `INSERT INTO sessions (id, owner, title, named, project, created, updated, used)
    VALUES (:id, :owner, :title, :named, :project, :now, :now, ${NEXT_USE}) RETURNING ${SESSION}`,
  session: `SELECT ${SESSION} FROM sessions WHERE id = :id AND owner = :owner AND removed IS NULL`,
  changeSession: `UPDATE sessions SET title = :title, named = :named, pinned = :pinned, folder = :folder, archived = :archived,
    project = :project, tip = :tip WHERE id = :id RETURNING ${SESSION}`,
  inFolder: 'SELECT id, removed FROM sessions WHERE owner = :owner AND folder = :folder ORDER BY used',
  renameFolder: 'UPDATE sessions SET folder = :to WHERE owner = :owner AND folder = :from',
  stopRuns: `${UNDER} UPDATE runs SET cancel = 1, state = iif(state = 'waiting', 'queued', state)
    WHERE state <> 'ended' AND session IN (SELECT id FROM under) RETURNING id`,
  removeSession: 'UPDATE sessions SET removed = :now WHERE id = :id AND owner = :owner AND removed IS NULL',
  removeUnder: `${UNDER} UPDATE sessions SET removed = :now WHERE id IN (SELECT id FROM under)`,
  restoreUnder: `${UNDER} UPDATE sessions SET removed = NULL WHERE id IN (SELECT id FROM under)`,
  restoreSession: `UPDATE sessions SET removed = NULL
    WHERE id = :id AND owner = :owner AND (removed IS NULL OR removed >= :since) RETURNING ${SESSION}`,
  runsToPurge: `SELECT r.id FROM sessions s JOIN runs r ON r.session = s.id WHERE s.removed < :since`,
  purge: 'DELETE FROM sessions WHERE removed < :since',
  purgeProjects: 'DELETE FROM projects WHERE removed < :since',
  purgeMemories: 'DELETE FROM memories WHERE removed < :since',
  oldestRemoved: `SELECT min(removed) AS oldest FROM (SELECT min(removed) AS removed FROM sessions WHERE removed IS NOT NULL
    UNION ALL SELECT min(removed) FROM projects WHERE removed IS NOT NULL
    UNION ALL SELECT min(removed) FROM memories WHERE removed IS NOT NULL)`,
  isProject: 'SELECT 1 FROM projects WHERE id = :project AND owner = :owner AND removed IS NULL',
  useSession: `UPDATE sessions SET updated = :now, used = ${NEXT_USE}, title = iif(title = '', :title, title)
    WHERE id = :session AND owner = :owner`,
  moveTip: 'UPDATE sessions SET tip = :run WHERE id = :session',
  /** Every run below this one came after it, so the newest of all is a leaf. */
  newestBelow: `WITH RECURSIVE below (seq, id) AS (
      SELECT seq, id FROM runs WHERE id = :run AND session = :session
      UNION ALL
      SELECT seq, id FROM runs WHERE message = :run AND session = :session
      UNION ALL
      SELECT r.seq, r.id FROM below b
        CROSS JOIN messages m ON m.session = :session AND m.role = 'user' AND m.after = b.id CROSS JOIN runs r ON r.message = m.id)
    SELECT id FROM below ORDER BY seq DESC LIMIT 1`,
  nextNews: 'UPDATE feed SET at = at + 1',
  /** A session that belongs to a run is a part of the one that a person sees. */
  touch: `WITH RECURSIVE up (id) AS (
      SELECT :session
      UNION ALL
      SELECT r.session FROM up JOIN sessions s ON s.id = up.id JOIN runs r ON r.id = s.parent)
    UPDATE sessions SET changed = (SELECT at FROM feed) WHERE id IN (SELECT id FROM up)`,
  cancelBelow: `${BELOW} UPDATE runs SET cancel = 1, state = iif(state = 'waiting', 'queued', state)
    WHERE state <> 'ended' AND session IN (SELECT id FROM below) RETURNING id`,

  message: `SELECT ${MESSAGE} FROM messages WHERE id = ?`,
  asked: `SELECT ${ASKED} FROM (SELECT id AS run, message FROM runs WHERE id = ?) p JOIN messages m ON m.id = p.message`,
  answered: `SELECT text, fault FROM messages WHERE run = ? AND role = 'assistant'`,
  ownRun: `SELECT ${RUN} FROM runs WHERE id = :run AND owner = :owner AND ${THERE}`,
  keyed: `SELECT ${RUN} FROM runs WHERE key = :key AND owner = :owner`,
  run: `SELECT ${RUN} FROM runs WHERE id = ?`,
  addRun: `INSERT INTO runs (id, owner, session, message, agent, backend, model, priority, temperature, plan, format, state, created,
      base, continues, key)
    VALUES (:run, :owner, :session, :id, :agent, :backend, :model, :priority, :temperature, :plan, :format, 'queued', :now,
      :base, :continues, :key)
    RETURNING ${RUN}`,
  addMessage: `INSERT INTO messages (id, owner, session, run, role, text, created, agent, model, reason, fault, after, finish,
      remote, recalled, did)
    VALUES (:id, :owner, :session, :run, :role, :text, :now, :agent, :model, :reason, :fault, :after, :finish, :remote,
      :recalled, :did)`,

  // The fence: offset, epoch and state are checked by the statement that moves the head.
  moveHead: `UPDATE runs SET head = ? WHERE id = ? AND epoch = ? AND head = ? AND state = 'running' RETURNING owner`,
  addChunk: 'INSERT INTO chunks (run, last, first, epoch, owner, entries) VALUES (?, ?, ?, ?, ?, ?)',
  sameChunk: 'SELECT 1 FROM chunks WHERE run = ? AND last = ? AND first = ? AND epoch = ? AND entries = ?',
  endRun: `UPDATE runs SET state = 'ended', reason = :reason, worker = NULL, lease = 0, keeper = 0 WHERE id = :run
    RETURNING owner, session`,

  // A cancelled run needs no turn: nothing is left of it but to write its end. Versions of one answer take theirs side by side.
  claim: `UPDATE runs SET state = 'running', epoch = epoch + 1, worker = :worker, lease = :until, keeper = :keeper
    WHERE seq = (
      SELECT r.seq FROM runs r
      WHERE r.state <> 'ended' AND (r.state = 'queued' OR (r.state = 'running' AND r.lease <= :now))
        AND (:which = 'all' OR r.cancel = 1)
        AND (r.cancel = 1
          OR NOT EXISTS (SELECT 1 FROM runs o WHERE o.session = r.session AND o.seq < r.seq AND o.state <> 'ended'
            AND o.message <> r.message))
      ORDER BY r.seq LIMIT 1)
    RETURNING ${RUN}`,
  nextLease: `SELECT min(lease) AS next FROM runs WHERE state <> 'ended' AND state = 'running'`,
  renew: `UPDATE runs SET lease = :until WHERE id = :run AND epoch = :epoch AND state = 'running' RETURNING cancel`,
  release: `UPDATE runs SET state = 'queued', worker = NULL, lease = 0, keeper = 0
    WHERE id = :run AND epoch = :epoch AND state = 'running'`,
  voidLeases: `UPDATE runs SET lease = 0 WHERE state <> 'ended' AND state = 'running' AND keeper = 1`,

  cancel: `UPDATE runs SET cancel = iif(state = 'ended', cancel, 1), state = iif(state = 'waiting', 'queued', state)
    WHERE id = :run AND owner = :owner AND ${THERE} RETURNING ${RUN}`,
} as const

export const READS = {
  folders: `SELECT folder AS name, count(*) AS sessions FROM sessions
    WHERE owner = :owner AND folder IS NOT NULL AND archived = 0 AND removed IS NULL
    GROUP BY folder ORDER BY max(used) DESC LIMIT :limit`,
  session: `SELECT ${SESSION} FROM sessions WHERE id = ? AND owner = ? AND removed IS NULL`,
  sessions: `SELECT ${SESSION} FROM sessions WHERE owner = :owner AND used < :before AND removed IS NULL AND parent IS NULL
    AND archived IN (iif(:show = 'archived', 1, 0), iif(:show IN ('archived', 'all'), 1, 0))
    AND (:show <> 'pinned' OR pinned = 1) AND (:folder IS NULL OR coalesce(folder, '') = :folder)
    AND (:project IS NULL OR :project = coalesce(
      (SELECT p.id FROM projects p WHERE p.id = sessions.project AND p.removed IS NULL), ''))
    ORDER BY used DESC LIMIT :limit`,
  message: `SELECT ${MESSAGE} FROM messages WHERE session = :session AND owner = :owner AND seq = :seq`,
  // In SQLite a cross join keeps its order: what is joined is looked up row by row, however few rows it guesses.
  path: `WITH RECURSIVE path (depth, run, message) AS (
      SELECT 0, id, message FROM runs WHERE id = :run
      UNION ALL
      SELECT p.depth + 1, r.id, r.message
        FROM path p CROSS JOIN messages m ON m.id = p.message CROSS JOIN runs r ON r.id = m.after WHERE p.depth < :depth)
    SELECT p.depth, 1 AS place, ${ASKED} FROM path p CROSS JOIN messages m ON m.id = p.message
    UNION ALL
    SELECT p.depth, 0 AS place, ${SAID} FROM path p CROSS JOIN messages m ON m.run = p.run AND m.role = 'assistant'
      WHERE p.depth > 0 OR :answer = 1
    ORDER BY 1, 2 LIMIT :limit`,
  run: `SELECT ${RUN} FROM runs WHERE id = ? AND owner = ? AND ${THERE}`,
  log: `SELECT head, state = 'ended' AS ended FROM runs WHERE id = ?`,
  chunks: 'SELECT first, last, entries FROM chunks WHERE run = ? AND last > ? ORDER BY last',
  counts: `SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) AS open FROM runs WHERE state <> 'ended'`,
  newest: 'SELECT at FROM feed',
  news: `SELECT changed AS at, id AS session, removed IS NOT NULL AS removed
    FROM sessions WHERE owner = ? AND changed > ? AND parent IS NULL ORDER BY changed LIMIT ?`,
} as const
