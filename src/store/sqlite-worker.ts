import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { SqliteWriting } from './sqlite-writing.ts'
import { failureOf, type Answer, type Question, type WriterOptions } from './sqlite-protocol.ts'
import { TooNew } from './migrate.ts'

// The thread that owns the one writing connection, so that a disk flush never stops the event loop. It imports as little as it can:
// this file's start is part of the server's.
const port = parentPort!
const say = (answer: Answer) => port.postMessage(answer)

try {
  const writing = new SqliteWriting(workerData as WriterOptions)
  port.on('message', (question: Question) => {
    if (question === 'poll') return say({ changed: writing.poll() })
    if (question !== 'close') return say({ outcomes: writing.transact(question.changes) })
    writing.close()
    say({ closed: true })
    port.close()
  })
  say({ begun: true })
  flushCompileCache()
} catch (cause) {
  const failed = failureOf(cause) ?? (cause instanceof TooNew ? { errcode: 0, text: cause.message } : null)
  if (failed === null) throw cause
  say({ failed })
}
