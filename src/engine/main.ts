import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { readFlags, type Flags } from './flags.ts'
import { rememberedHeads } from './gguf-head.ts'
import { openLibrary } from './library.ts'
import { loadModel } from './model.ts'
import { whenParentLeaves } from './parent.ts'
import { listServed } from './served.ts'
import { engineServer } from './server.ts'
import { USUAL_CONTEXT } from './sizing.ts'
import { EngineState } from './state.ts'
import { whenIdle } from './when-idle.ts'

const read = readFlags(process.argv.slice(2))
if (read.ok) await serve(read.flags)
else fail(2, read.why)

/** Listens at once; the model is loaded behind it. */
async function serve(flags: Flags): Promise<void> {
  const list = () => listServed(flags.sources)
  const [first] = await list()
  if (first === undefined) return fail(1, `there is no model in ${flags.sources.folder}`)
  const stop = new AbortController()
  const listening = Promise.withResolvers<void>()
  const broken = (cause: unknown) => fail(1, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  const library = listening.promise.then(() => openLibrary(flags.wanted.gpu))
  const state = new EngineState({
    library,
    load: async (file, signal) => loadModel(await library, file, flags.wanted, signal),
    told: (line) => process.stderr.write(`${line}\n`),
    broken,
  })
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Package
  const server = engineServer({
    version,
    state,
    list,
    headsOf: rememberedHeads(),
    largest: flags.wanted.context ?? USUAL_CONTEXT,
    stop: stop.signal,
  })
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
    process.stderr.write(`listening on http://${flags.host}:${port}, loading ${first.name}\n`)
    process.send?.({ type: 'listening', port })
    listening.resolve()
  })
  await state.start(first)
  process.send?.({ type: 'ready' })
  // A container may be given less than the machine has.
  const total = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  const memory = () => ({ free: process.availableMemory(), total })
  whenIdle(state, { limitMs: flags.idleSeconds * 1000, memory, broken })
  // There is nothing that it could go back to. Whoever waited is told by then: their answers were sent before this.
  if (state.now() === null && state.bad() !== null && (await list()).length === 1)
    setTimeout(() => fail(1, `the model cannot be loaded: ${state.bad()?.why}`), 100)
}

type Package = { version: string }

function fail(code: number, why: string): void {
  process.stderr.write(`error: ${why}\n`)
  process.exit(code)
}
