import { statSync } from 'node:fs'
import { readFlags, type Flags } from './flags.ts'
import { loadModel } from './model.ts'
import { whenParentLeaves } from './parent.ts'
import { engineServer } from './server.ts'
import { EngineState } from './state.ts'

const read = readFlags(process.argv.slice(2))
if (read.ok) serve(read.flags)
else fail(2, read.why)

/** Listens at once; the model is loaded behind it. */
function serve(flags: Flags): void {
  let bytes: number
  try {
    bytes = statSync(flags.model).size
  } catch (cause) {
    return fail(1, `the model can not be read: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  const stop = new AbortController()
  const listening = Promise.withResolvers<void>()
  const state = new EngineState(
    listening.promise.then(() => loadModel(flags)),
    bytes,
  )
  const server = engineServer({ flags, bytes, state, stop: stop.signal })
  const leave = (code: number) => {
    stop.abort()
    server.close()
    process.exit(code)
  }
  process.once('SIGTERM', () => leave(0))
  process.once('SIGINT', () => leave(0))
  whenParentLeaves(flags.parent, () => leave(0))
  server.once('error', (cause) => fail(1, cause.message))
  server.listen(flags.port, flags.host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : flags.port
    process.stderr.write(`listening on http://${flags.host}:${port}, loading ${flags.name}\n`)
    process.send?.({ type: 'listening', port })
    listening.resolve()
  })
  state.ready.then(
    ({ loaded }) => {
      const { threads, gpu } = loaded.parameters
      const shape = `${loaded.sequences.length} x ${loaded.context} tokens, ${threads} threads, gpu ${gpu}`
      process.stderr.write(`ready after ${state.loading().done} s: ${shape}\n`)
      process.send?.({ type: 'ready' })
    },
    // Whoever waits is told by then: their rejections were queued before this one.
    (cause: unknown) => setImmediate(() => fail(1, `the model can not be loaded: ${String(cause)}`)),
  )
}

function fail(code: number, why: string): void {
  process.stderr.write(`error: ${why}\n`)
  process.exit(code)
}
