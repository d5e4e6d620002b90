import type { Json } from '../wire/event.ts'
import { Fault, fault } from '../wire/fault.ts'
import type { Call, CallContext } from './call-context.ts'
import { SAME_TOLD, timesMade, withRemark } from './repeat.ts'
import type { Subject, Tool, ToolResult } from './tool-ports.ts'

/** A call that may be made. */
export type Ready = { tool: Tool; call: Call; input: unknown; subject: Subject }

/** How long a tool may take that names no limit. */
const USUAL_MS = 120_000
/** How long a tool that was told to end is waited for. */
const LET_GO_MS = 5000
/** How many characters of output are shown as they come. */
const MOST_LIVE = 200_000
/** What a person is shown of a result is bounded too. */
const MOST_SHOWN = 200_000

/** One call, from `tool.start` to `tool.end`; whatever happens is a result that the model is told. It starts only once the log has its call. */
export async function makeCall(ready: Ready, ctx: CallContext): Promise<void> {
  const { tool, call } = ready
  const { journal, stop } = ctx
  journal.write({ type: 'tool.start', call: call.call })
  await journal.flushed()
  if (stop.aborted) return
  const result = await within(ready, ctx)
  // It is made again when the run is taken up, and finds what it began.
  if (stop.aborted && tool.again === true) return
  const { output, rest } = await told(result.output, ctx)
  const shown = bounded(result.shown)
  const made = { ...call, result: { ok: result.ok, output } }
  const times = timesMade(journal.draft, made) + 1
  const again = times === SAME_TOLD
  if (again)
    journal.write({
      type: 'guard',
      guard: 'repeat',
      text: `${tool.name} was called ${times} times with the same input and the same result.`,
    })
  journal.write({
    type: 'tool.end',
    call: call.call,
    ok: result.ok,
    output: again
      ? withRemark(
          asText(output),
          `This was the same call with the same result for the ${times}rd time. Do something else, or answer with what you know; one more and the run is ended.`,
        )
      : output,
    ...(shown === undefined ? {} : { shown }),
    ...(rest === undefined ? {} : { rest }),
  })
}

async function within({ tool, call, input, subject }: Ready, ctx: CallContext): Promise<ToolResult> {
  const { clock, stop, say, tasks, journal } = ctx
  const over = new AbortController()
  const limit = tool.limitMs ?? USUAL_MS
  const cancel = clock.after(limit, () => over.abort('late'))
  const onStop = () => over.abort('stopped')
  stop.addEventListener('abort', onStop)
  let [live, ended] = [0, false]
  const tell = (text: string) => {
    if (ended || live > MOST_LIVE || text === '') return
    live += text.length
    const shown =
      live > MOST_LIVE
        ? `${text.slice(0, Math.max(0, MOST_LIVE - live + text.length))}\n… more than is shown here\n`
        : text
    journal.write({ type: 'tool.delta', call: call.call, text: shown })
  }
  const work = run(tool, input, ctx.use(call, subject, over.signal, tell)).catch((cause: unknown): ToolResult => {
    say({ level: 'error', text: `the tool ${tool.name} threw`, cause })
    return { ok: false, output: fault('tool.failed', { tool: tool.name, what: 'an internal error' }).message }
  })
  try {
    const result = await Promise.race([work, letGo(over.signal, ctx)])
    if (result === 'held') {
      tasks.run(`the tool ${tool.name}, which did not let go`, () => work.then(() => {}))
      return { ok: false, output: stopped(over.signal, limit, ' It did not let go of what it was doing.') }
    }
    return over.signal.aborted
      ? { ...result, ok: false, output: `${stopped(over.signal, limit, '')}\n${asText(result.output)}` }
      : result
  } finally {
    ended = true
    cancel()
    stop.removeEventListener('abort', onStop)
  }
}

async function run(tool: Tool, input: unknown, use: Parameters<Tool['run']>[1]): Promise<ToolResult> {
  return tool.run(input, use)
}

const stopped = (signal: AbortSignal, limit: number, more: string): string =>
  signal.reason === 'late'
    ? `It was stopped: ${Math.round(limit / 1000)} seconds are the most that it may take.${more}`
    : `It was stopped, because the run was.${more} What it had done by then is not undone.`

/** Resolves with `held` some time after the signal has aborted. */
const letGo = (signal: AbortSignal, { clock }: CallContext) =>
  new Promise<'held'>((resolve) => {
    const wait = () => void clock.after(LET_GO_MS, () => resolve('held'))
    if (signal.aborted) wait()
    else signal.addEventListener('abort', wait, { once: true })
  })

export const asText = (output: Json): string => (typeof output === 'string' ? output : JSON.stringify(output, null, 1))

/** What the model is told of an output: all of it, or its beginning and where the rest is. */
async function told(
  output: Json,
  ctx: CallContext,
): Promise<{ output: Json; rest?: Awaited<ReturnType<CallContext['outputs']['keep']>> }> {
  const text = asText(output)
  const room = ctx.room()
  if (text.length <= room) return { output }
  const kept = await ctx.outputs.keep({ owner: ctx.owner, run: ctx.journal.run }, text).catch(asRefusal)
  const cut = text.lastIndexOf('\n', room)
  const head = text.slice(0, cut > room / 2 ? cut : room)
  const lines = head.split('\n').length
  const total = text.split('\n').length
  // What was done is done, and is told, also where there is no room for all that it said.
  if (kept instanceof Fault)
    return {
      output: `${head}\n\n[PKN] This is the beginning, ${lines} of ${total} lines. The rest is not kept: ${kept.message}`,
    }
  const rest = kept
  const where = `[PKN] This is the beginning, ${lines} of ${total} lines. Read on with read_output: {"output":"${rest.output}","from":${lines + 1}}`
  return { output: `${head}\n\n${where}`, rest }
}

function asRefusal(cause: unknown): Fault {
  if (cause instanceof Fault) return cause
  throw cause
}

function bounded(shown: ToolResult['shown']): ToolResult['shown'] {
  if (shown === undefined) return undefined
  if (shown.kind === 'text' && shown.text.length > MOST_SHOWN)
    return { ...shown, text: `${shown.text.slice(0, MOST_SHOWN)}…` }
  if (shown.kind === 'diff' && shown.diff.length > MOST_SHOWN)
    return { ...shown, diff: `${shown.diff.slice(0, MOST_SHOWN)}\n…` }
  return shown
}
