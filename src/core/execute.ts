import { Fault, fault, type FaultData } from '../wire/fault.ts'
import type { EndReason, Entry, RunEvent, Stopped } from '../wire/event.ts'
import { finishOf, modelOf, remoteOf, textOf } from '../wire/fold.ts'
import { offset } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { StepInput, Upstream } from './attempt.ts'
import { withFiles } from './attached.ts'
import { beginningOf } from './beginning.ts'
import type { Deps } from './deps.ts'
import { newestMessages } from './history.ts'
import { invoke } from './invoke.ts'
import { Journal } from './journal.ts'
import { LogConflict, StopAsked, type Agent, type Claim, type RunLog } from './ports.ts'
import { resumption, type Resumption } from './resume.ts'
import { takeStep, type StepEnd } from './step.ts'
import type { Tasks } from './tasks.ts'
import { before } from './turn.ts'

type Ending = { reason: EndReason; fault?: FaultData; stopped?: Stopped }
/** The run ends because it was asked to, or the server; and how the backend was seen then. */
type Halted = { halted: Upstream }
/** How long the end of a run waits for the log until it says so. */
const SAVING_MS = 250
/** How many of the newest messages are read at most: the model's context is full long before. */
const HISTORY_MOST = 400
const RECENT = 6

/**
 * One claimed run to its end. The log says everything that happens; nothing else does. When `stopping` aborts, what was said is made
 * durable and the claim is given back, so that the next start goes on with it. Never rejects for what can go wrong in a run.
 */
export async function execute(claim: Claim, stopping: AbortSignal, tasks: Tasks, deps: Deps): Promise<void> {
  const { run, session } = claim
  try {
    await live(claim, stopping, tasks, deps)
  } catch (cause) {
    if (cause instanceof LogConflict)
      deps.say({ level: 'warn', text: 'Run was taken over or removed; this worker lets go of it', run, session })
    else deps.say({ level: 'error', text: 'Run could not be written; it is taken up again', run, session, cause })
    // Neither ended nor given back, and a claim that is renewed for ever would block its session for ever.
    deps.store.abandon(claim)
  }
}

/** Rejects when the log can't be read or written, or is another's. */
async function live(claim: Claim, stopping: AbortSignal, tasks: Tasks, deps: Deps): Promise<void> {
  const { store, say, clock } = deps
  const { run, session } = claim
  let asked: number | null = null
  const cancelled = (upstream: Upstream): Ending => ({
    reason: 'cancelled',
    stopped: { ms: Math.round(asked === null ? 0 : clock.now() - asked), upstream },
  })
  const stop = new AbortController()
  const onStop = () => {
    if (claim.stop.aborted) asked ??= clock.now()
    stop.abort()
  }
  const log = await wholeLog(store, claim)
  const journal = new Journal({ claim, store, clock, before: log })
  const signals = [claim.stop, stopping, journal.broken]
  for (const signal of signals) {
    if (signal.aborted) onStop()
    signal.addEventListener('abort', onStop)
  }
  const close = async (ending: Ending) => {
    try {
      await settle(journal, ending, deps, claim)
    } catch (cause) {
      // A stop that was accepted is kept, also when the last word had been said by then.
      if (!(cause instanceof StopAsked)) throw cause
      await settle(journal, cancelled('none'), deps, claim)
    }
  }
  const toCancel = () => claim.stop.aborted && claim.stop.reason === 'cancelled'
  try {
    const ending = toCancel()
      ? cancelled('none')
      : await perform(claim, journal, resumption(journal.draft, log), { stop: stop.signal, stopping, tasks }, deps)
    if (!('halted' in ending)) await close(ending)
    else if (toCancel()) await close(cancelled(ending.halted))
    else {
      await journal.flushed()
      await store.release(claim)
      say({ level: 'info', text: 'Run interrupted; it goes on with the next start', run, session })
    }
  } catch (cause) {
    if (cause instanceof LogConflict || journal.broken.aborted || journal.draft.end) throw cause
    // Removed between the claim and the first look at what was said: the stop is on its way.
    if (cause instanceof Fault && cause.code === 'session.missing') return await close(cancelled('none'))
    say({ level: 'error', text: 'Run failed inside PKN', run, session, cause })
    await close({ reason: 'failed', fault: fault('server.bug') })
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onStop)
  }
}

async function settle(journal: Journal, ending: Ending, { say, clock }: Deps, { run, session }: Claim): Promise<void> {
  const quick = clock.after(SAVING_MS, () => journal.write({ type: 'phase', phase: 'saving' }))
  await journal.landed().finally(quick)
  const event: Extract<RunEvent, { type: 'run.end' }> = { type: 'run.end', ...ending }
  await journal.settle(event, (draft) => ({
    text: textOf(draft),
    agent: draft.route?.agent ?? null,
    model: modelOf(draft),
    reason: ending.reason,
    fault: ending.fault ?? null,
    finish: finishOf(draft),
    remote: remoteOf(draft),
  }))
  const { t, usage } = journal.draft
  const tokens = usage.reduce((sum, u) => sum + u.output, 0)
  // A model that fails, or is stopped, seldom comes to tell its tokens.
  const length = tokens > 0 ? `${tokens} tokens` : `${textOf(journal.draft).length} characters`
  say({
    level: ending.reason === 'failed' ? 'error' : 'info',
    text: `Run ended: ${ending.reason} after ${(t / 1000).toFixed(1)} s, ${length}${ending.stopped ? `, stopped in ${ending.stopped.ms} ms, upstream ${ending.stopped.upstream}` : ''}${ending.fault ? ` (${ending.fault.code}: ${ending.fault.message})` : ''}`,
    run,
    session,
  })
}

async function perform(
  claim: Claim,
  journal: Journal,
  from: Resumption,
  life: Pick<StepInput, 'stop' | 'stopping' | 'tasks'>,
  deps: Deps,
): Promise<Ending | Halted> {
  const { stop } = life
  const { agents, say, tools } = deps
  const { run, session } = claim
  if (from.kind === 'give-up') return { reason: 'interrupted', fault: fault('run.interrupted', { times: from.times }) }

  const path = await newestMessages(deps.store, claim.owner, session, HISTORY_MOST, run)
  const said = before(claim.message, path)
  if (from.kind === 'begin') {
    const goesOn = claim.continues === null ? null : await beginningOf(claim.continues, claim, deps)
    const recent = said.slice(-RECENT).map(({ role, text, agent }) => ({ role, text, agent }))
    const route =
      goesOn?.route ?? (await deps.router()).route({ text: claim.message.text, recent, forced: claim.wish.agent })
    // One append, so that a run which is to go on with another's words never stands without them.
    const first = goesOn === null ? [] : [goesOn.event]
    journal.write({ type: 'run.start', session, agent: route.agent, route }, ...first)
    const why = route.because
      .slice(0, 3)
      .map((b) => b.feature)
      .join(', ')
    say({
      level: 'info',
      text: `Routing: ${route.agent} (${Math.round(route.confidence * 100)} % sure, ${route.forced ? 'asked for' : why || 'nothing in particular'}), ${route.complexity}`,
      run,
      session,
    })
  } else {
    journal.write({ type: 'run.resume', epoch: claim.epoch, step: from.step })
    say({ level: 'info', text: `Run taken up again at step ${from.step}`, run, session })
    if (from.kind === 'end') return { reason: 'done' }
    for (const { call, tool } of from.interrupted)
      journal.write({ type: 'tool.end', call, ok: false, output: fault('tool.interrupted', { tool }).message })
  }
  const route = journal.draft.route
  const agent = route && agents.find(route.agent)
  if (!agent)
    return {
      reason: 'failed',
      fault: fault('agent.missing', {
        agent: route?.agent ?? '?',
        agents: agents
          .list()
          .map((a) => a.name)
          .join(', '),
      }),
    }

  const told = await withFiles([...said, withoutMention(claim.message, agent)], claim.owner, deps)
  const [history, question] = [told.slice(0, -1), told.at(-1)!]
  const first = from.kind === 'go-on' ? from.step : 1
  for (let step = first; step < first + deps.limits.steps; step++) {
    const end: StepEnd = await takeStep({ claim, journal, agent, history, question, step, ...life }, deps)
    if (end.kind === 'stopped') return { halted: end.upstream }
    if (end.kind === 'failed') return { reason: 'failed', fault: end.fault }
    if (end.kind === 'done') return { reason: 'done' }
    await journal.flushed() // write ahead of effects: no tool starts before its call is durable
    for (const { call, tool, input } of end.calls) {
      if (stop.aborted) return { halted: 'none' }
      const use = {
        run,
        session,
        signal: stop,
        say: (text: string) => journal.write({ type: 'tool.delta', call, text }),
      }
      const { ok, output } = await invoke(tools.get(tool), { tool, input }, use, say)
      journal.write({ type: 'tool.end', call, ok, output })
    }
    if (stop.aborted) return { halted: 'none' }
  }
  return { reason: 'failed', fault: fault('steps.many', { steps: deps.limits.steps }) }
}

async function wholeLog(store: RunLog, claim: Claim): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  while (entries.length < claim.head) {
    const page = await store.page(claim.run, offset(entries.length), 5000)
    if (page.length === 0) throw new Error(`${claim.run}: its log ends at ${entries.length}, its head is ${claim.head}`)
    entries.push(...page)
  }
  return entries
}

/** `@coder fix this` is said to PKN; the coder is told `fix this`. */
function withoutMention(message: Message, agent: Agent): Message {
  const mention = `@${agent.name}`
  const text = message.text.trimStart()
  if (!text.toLowerCase().startsWith(mention) || /^[\w-]/.test(text.slice(mention.length))) return message
  const rest = text.slice(mention.length).replace(/^[\s:,]+/, '')
  return rest === '' ? message : { ...message, text: rest }
}
