import { fault, type FaultData } from '../wire/fault.ts'
import { newAskId } from '../wire/id.ts'
import type { Shown } from '../wire/shown.ts'
import type { Call, CallContext, Question } from './call-context.ts'
import { makeCall, type Ready } from './call-make.ts'
import { fit } from './fit.ts'
import { nearest } from './nearest.ts'
import { allowanceOf, judge } from './policy.ts'
import { SAME_MOST, timesMade } from './repeat.ts'
import type { Subject, Tool } from './tool-ports.ts'

/** `parked`: the run waits for a person, and is nobody's until then. */
export type CallsEnd =
  { kind: 'made' } | { kind: 'parked' } | { kind: 'stopped' } | { kind: 'failed'; fault: FaultData }

/** `over`: its result is what was wrong with it. A question that is null stands in the log already. */
type Prepared = { kind: 'over' } | { kind: 'go'; ready: Ready } | { kind: 'ask'; question: Question | null }

/**
 * Makes the calls of a step that have no result yet, in the order in which the model asked for them; those that may be made together, and
 * stand side by side, at once. At the first that a person must allow the run is parked, with everything before it done; once that is
 * answered, this is called for the same step again.
 */
export async function makeCalls(step: number, ctx: CallContext): Promise<CallsEnd> {
  const { journal, stop } = ctx
  for (;;) {
    if (stop.aborted) return { kind: 'stopped' }
    const open = journal.draft.parts.filter((p): p is Call => p.kind === 'tool' && p.step === step && p.result === null)
    if (open.length === 0) return circling(step, ctx)
    const batch: Ready[] = []
    for (const call of open) {
      const prepared = await prepare(call, ctx)
      if (stop.aborted) return { kind: 'stopped' }
      if (prepared.kind === 'over') continue
      if (prepared.kind === 'ask') {
        if (batch.length > 0) break
        await ctx.park(prepared.question)
        return { kind: 'parked' }
      }
      if (batch.length > 0 && !together(prepared.ready, batch)) break
      batch.push(prepared.ready)
      if (prepared.ready.tool.together !== true) break
    }
    await Promise.all(batch.map((ready) => makeCall(ready, ctx)))
  }
}

const ASKS = { plan: 'The agent shows its plan before it begins.', words: 'The agent has a question.' }

const together = (ready: Ready, batch: readonly Ready[]): boolean =>
  [ready, ...batch].every(({ tool }) => tool.together === true)

async function prepare(call: Call, ctx: CallContext): Promise<Prepared> {
  const { journal, tools, agent, policy, offered } = ctx
  const refuse = (output: string): Prepared => {
    journal.write({ type: 'tool.end', call: call.call, ok: false, output })
    return { kind: 'over' }
  }
  const tool = offered.has(call.tool) ? tools.find(call.tool) : null
  if (tool === null) return refuse(unknown(call.tool, [...offered]))
  const why = tools.why(tool)
  if (why !== null) return refuse(why)
  const { ask } = call
  const fitted = fit(tool.input, ask?.allow === true && ask.input !== undefined ? ask.input : call.input)
  if (!fitted.ok) {
    const text = `A call of ${tool.name} could not be read: ${fitted.what}`
    journal.write({ type: 'guard', guard: 'malformed', text })
    return refuse(`The input does not fit: ${fitted.what}. Call ${tool.name} again with an input that fits its schema.`)
  }
  if (fitted.mended.length > 0) {
    const text = `The input of ${tool.name} (${call.call}) was mended: ${fitted.mended.join('; ')}.`
    if (!journal.draft.guards.some((g) => g.text === text)) journal.write({ type: 'guard', guard: 'repaired', text })
  }
  const subject = await subjectOf(tool, fitted.input, ctx)
  if (subject === null) return refuse(fault('tool.failed', { tool: tool.name, what: 'an internal error' }).message)
  const ready = { tool, call, input: fitted.input, subject }
  if (ask?.allow === false) return refuse(refusal(ask))
  if (ask?.allow === null) return { kind: 'ask', question: null }
  const judging = { tool, agent: agent.name, subject }
  if (ask) {
    // A person may have changed it into what no answer allows, or the rules have changed since.
    const still = judge(judging, policy, [])
    if (still.decision === 'deny') return refuse(`${still.why} Do without it, or say what it would be needed for.`)
    const anew = await shownAnew(ready, ask, ctx)
    return anew === null ? { kind: 'go', ready } : asking(ready, anew, CHANGED, ctx)
  }

  const judged = judge(judging, policy, await ctx.allowances())
  if (judged.decision === 'deny') return refuse(`${judged.why} Do without it, or say what it would be needed for.`)
  const answered = judge(judging, policy, []).decision === 'ask'
  const insisted = judged.decision === 'allow' ? ((await tool.insists?.(fitted.input, { answered })) ?? null) : null
  if (judged.decision === 'allow' && tool.asks !== true && insisted === null) return { kind: 'go', ready }
  const preview = await previewOf(ready, ctx)
  if (!preview.ok) return refuse(preview.output)
  const reason = tool.asks === true ? ASKS[preview.shown.kind === 'plan' ? 'plan' : 'words'] : (insisted ?? judged.why)
  return asking(ready, preview.shown, reason, ctx)
}

function asking({ tool, call, subject }: Ready, shown: Shown, why: string, ctx: CallContext): Prepared {
  const expires = ctx.expires()
  const event = {
    type: 'ask.start',
    ask: newAskId(),
    call: call.call,
    effect: tool.effect,
    why,
    shown,
    ...(expires === null ? {} : { expires }),
  } as const
  return { kind: 'ask', question: { event, tool: tool.name, allowance: allowanceOf(tool, subject) } }
}

const CHANGED = 'The file was changed since it was shown, so the change is another one now.'

/** The change as it would be now, where that is not the one that a person saw and allowed; else null. */
async function shownAnew(ready: Ready, ask: NonNullable<Call['ask']>, ctx: CallContext): Promise<Shown | null> {
  if (ask.shown?.kind !== 'diff' || ask.input !== undefined || ask.scope === 'session') return null
  const preview = await previewOf(ready, ctx)
  // Where there is none any more the call itself says why.
  if (!preview.ok) return null
  const { shown } = preview
  return shown.kind === 'diff' && shown.path === ask.shown.path && shown.diff === ask.shown.diff ? null : shown
}

/** Null where the tool could not say: what is not known can't be judged. */
async function subjectOf(tool: Tool, input: unknown, ctx: CallContext): Promise<Subject | null> {
  try {
    return (await tool.subject?.(input, ctx)) ?? { kind: 'none' }
  } catch (cause) {
    ctx.say({ level: 'error', text: `what a call of ${tool.name} is about could not be told`, cause })
    return null
  }
}

async function previewOf({ tool, call, input, subject }: Ready, ctx: CallContext) {
  if (tool.preview === undefined)
    return { ok: true, shown: { kind: 'input', text: JSON.stringify(input, null, 2).slice(0, 100_000) } } as const
  try {
    return await tool.preview(
      input,
      ctx.use(call, subject, ctx.stop, () => {}),
    )
  } catch (cause) {
    ctx.say({ level: 'error', text: `the preview of ${tool.name} threw`, cause })
    return { ok: false, output: fault('tool.failed', { tool: tool.name, what: 'an internal error' }).message } as const
  }
}

function unknown(name: string, offered: readonly string[]): string {
  const near = nearest(name, offered)
  const instead =
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : offered.length > 0
        ? `There are: ${offered.join(', ')}.`
        : 'There are none now: answer without.'
  return `There is no tool named "${name.slice(0, 100)}". ${instead}`
}

function refusal({ by, reason }: NonNullable<Call['ask']>): string {
  if (by === 'time')
    return 'Nobody answered in time, so this was not done. Go on without it, or say what you would need.'
  const words = reason === undefined || reason.trim() === '' ? 'No reason was given.' : `The reason: ${reason.trim()}`
  return `The user did not allow this. ${words} Do not try the same again; do something else, or ask what is wanted.`
}

/** A model that makes the same call again and again, and learns nothing from it, is stopped. */
function circling(step: number, { journal }: CallContext): CallsEnd {
  for (const part of journal.draft.parts) {
    if (part.kind !== 'tool' || part.step !== step) continue
    const times = timesMade(journal.draft, part)
    if (times >= SAME_MOST) return { kind: 'failed', fault: fault('run.circling', { tool: part.tool, times }) }
  }
  return { kind: 'made' }
}
