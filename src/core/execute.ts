import { Fault, fault, type FaultData } from '../wire/fault.ts'
import type { EndReason, Entry, RunEvent, Stopped } from '../wire/event.ts'
import { answerOf } from '../wire/answer-of.ts'
import { textOf, type Draft } from '../wire/fold.ts'
import { offset } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { StepInput, Upstream } from './attempt.ts'
import { withFiles } from './attached.ts'
import { beginningOf } from './beginning.ts'
import type { Deps } from './deps.ts'
import { newestMessages } from './history.ts'
import { formWords, misformed } from './formed.ts'
import { Journal } from './journal.ts'
import { LogConflict, StopAsked, type Agent, type Claim, type RunLog } from './ports.ts'
import { hasDocuments, lookUp } from './recall.ts'
import { firstPlan, NO_PLAN, planned, standingWords, withList } from './planning.ts'
import { resumption, type Resumption } from './resume.ts'
import { takeStep, type StepEnd } from './step.ts'
import type { Tasks } from './tasks.ts'
import { before } from './turn.ts'
import { callContext } from './call-setting.ts'
import { makeCalls, type CallsEnd } from './calls.ts'
import { broughtOffer, usedBefore } from './offer.ts'
import { left, spent, type Allotment } from './spending.ts'

type Ending = { reason: EndReason; fault?: FaultData; stopped?: Stopped }
/** The run ends because it was asked to, or the server; and how the backend was seen then. */
type Halted = { halted: Upstream }
/** It waits for a person, and is nobody's. */
type Parked = { parked: true }
/** How long the end of a run waits for the log until it says so. */
const SAVING_MS = 250
/** How many of the newest messages are read at most: the model's context is full long before. */
const HISTORY_MOST = 400
const RECENT = 6
/** What keeps tools from working at all, and is no bug. */
const WORKPLACE: readonly string[] = ['project.folder', 'disk.full', 'shelf.unwritable']

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
    if ('parked' in ending) say({ level: 'info', text: 'Run waits for an answer', run, session })
    else if (!('halted' in ending)) await close(ending)
    else if (toCancel()) await close(cancelled(ending.halted))
    else {
      await journal.flushed()
      await store.release(claim)
      say({ level: 'info', text: 'Run interrupted; it goes on with the next start', run, session })
    }
  } catch (cause) {
    if (cause instanceof LogConflict || journal.broken.aborted || journal.draft.end) throw cause
    // Stopped in the moment in which it was to wait for a person.
    if (cause instanceof StopAsked) return await close(cancelled('none'))
    // Removed between the claim and the first look at what was said: the stop is on its way.
    if (cause instanceof Fault && cause.code === 'session.missing') return await close(cancelled('none'))
    const known = cause instanceof Fault && WORKPLACE.includes(cause.code) ? cause.toData() : null
    if (known === null) say({ level: 'error', text: 'Run failed inside PKN', run, session, cause })
    await close({ reason: 'failed', fault: known ?? fault('server.bug') })
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onStop)
  }
}

async function settle(journal: Journal, ending: Ending, { say, clock }: Deps, { run, session }: Claim): Promise<void> {
  for (const part of journal.draft.parts)
    if (part.kind === 'tool' && part.ask?.allow === null)
      journal.write({ type: 'ask.end', ask: part.ask.id, allow: false, by: 'stop' })
  const quick = clock.after(SAVING_MS, () => journal.write({ type: 'phase', phase: 'saving' }))
  await journal.landed().finally(quick)
  const event: Extract<RunEvent, { type: 'run.end' }> = { type: 'run.end', ...ending }
  await journal.settle(event, (draft) => ({
    ...answerOf(draft),
    reason: ending.reason,
    fault: ending.fault ?? null,
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
): Promise<Ending | Halted | Parked> {
  const { stop } = life
  const { agents, say } = deps
  const { run, session } = claim
  if (from.kind === 'give-up') return { reason: 'interrupted', fault: fault('run.interrupted', { times: from.times }) }

  const path = await newestMessages(deps.store, claim.owner, session, HISTORY_MOST, run)
  const said = before(claim.message, path)
  if (from.kind === 'begin') {
    const goesOn = claim.continues === null ? null : await beginningOf(claim.continues, claim, deps)
    const recent = said.slice(-RECENT).map(({ role, text, agent }) => ({ role, text, agent }))
    const route =
      goesOn?.route ??
      (await deps.router(claim.owner)).route({ text: claim.message.text, recent, forced: claim.wish.agent })
    // One append, so that a run which is to go on with another's words never stands without them.
    const first = goesOn === null ? [] : goesOn.events
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
    if (from.kind === 'go-on' && from.parked) await hear(journal, deps)
    else {
      journal.write({ type: 'run.resume', epoch: claim.epoch, step: from.step })
      say({ level: 'info', text: `Run taken up again at step ${from.step}`, run, session })
    }
    if (from.kind === 'end') return checked(journal, claim)
    for (const { call, tool } of from.interrupted) {
      if (deps.tools.find(tool)?.again === true) continue
      journal.write({ type: 'tool.end', call, ok: false, output: fault('tool.interrupted', { tool }).message })
    }
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

  const asked = withoutMention(claim.message, agent)
  const project = await deps.store.mind.projectOf(claim.owner, session)
  // Nothing was asked of a model yet, here or before a restart.
  const { steps: taken, recalls, continues } = journal.draft
  if (taken.length === 0 && recalls.length === 0 && continues === null)
    await lookUp({ claim, journal, asked: asked.text, said, project, stop, tasks: life.tasks }, deps)
  const told = await withFiles([...said, asked], claim.owner, deps)
  const [history, question] = [told.slice(0, -1), told.at(-1)!]
  const make = async (step: number, offered: readonly string[]): Promise<CallsEnd> => {
    const ctx = await callContext({ claim, journal, agent, project, stop, tasks: life.tasks }, deps)
    return makeCalls(step, { ...ctx, offered: new Set(offered) })
  }
  const over = (end: Exclude<CallsEnd, { kind: 'made' }>): Ending | Halted | Parked => {
    if (end.kind === 'failed') return { reason: 'failed', fault: end.fault }
    return end.kind === 'parked' ? { parked: true } : { halted: 'none' }
  }
  const actedBefore = await usedBefore(agent, route, said, deps.store)
  const crew = agent.mayDelegateTo.flatMap((name) => (name === agent.name ? [] : (agents.find(name) ?? [])))
  let documents: Promise<boolean> | null = null
  const usual = () =>
    broughtOffer(agent, route, {
      draft: journal.draft,
      tools: deps.tools,
      before: actedBefore,
      crew,
      asked: asked.text,
      known: () => (documents ??= hasDocuments(claim, project, deps)),
      stop,
    })
  const { format } = claim.wish
  const plan = () => planned(claim, route, journal.draft, deps.tools)
  const offer = async () => {
    const first = plan()
    if (first.state === 'due') return [first.tool]
    return format === null ? withList(await usual(), journal.draft, deps.tools) : []
  }
  if (from.kind === 'go-on' && from.calls !== null) {
    const end = await make(
      from.calls,
      (await offer()).map(({ name }) => name),
    )
    if (end.kind !== 'made') return over(end)
  }
  const { steps, tokens, runMs } = deps.limits
  const allotted: Allotment = { steps, tokens, ms: runMs }
  for (let step = from.kind === 'go-on' ? from.step : 1; ; step++) {
    const { last, remarks } = left(journal.draft, allotted)
    journal.write(...remarks)
    const first = plan()
    if (first.state === 'ended') return { reason: 'failed', fault: first.fault }
    if (first.state === 'without' && !journal.draft.guards.some(({ text }) => text === NO_PLAN))
      journal.write({ type: 'guard', guard: 'malformed', text: NO_PLAN })
    const must = first.state === 'due' && !last ? first.must : null
    const form = must === null ? format : null
    const offered = last ? [] : await offer()
    const acted = journal.draft.parts.some(({ kind }) => kind === 'tool')
    const warned = last && acted ? [LAST] : remarks.map(({ text }) => text)
    const hints = [
      ...warned,
      ...(must === null ? [] : [firstPlan(journal.draft)]),
      ...(form === null ? [] : [formWords(form)]),
    ]
    const remark = [...hints, ...standingWords(journal.draft)].join(' ') || null
    const end: StepEnd = await takeStep(
      { claim, journal, agent, project, history, question, step, offered, must, format: form, remark, ...life },
      deps,
    )
    if (end.kind === 'stopped') return { halted: end.upstream }
    if (end.kind === 'failed') return { reason: 'failed', fault: end.fault }
    if (end.kind === 'done') return checked(journal, claim)
    if (last) return { reason: 'failed', fault: spentFault(journal.draft, allotted) }
    await journal.flushed() // write ahead of effects: no call is made before it is durable
    const made = await make(
      step,
      offered.map(({ name }) => name),
    )
    if (made.kind !== 'made') return over(made)
  }
}

/** What was to be of a form is looked at; the answer stays what it is. */
function checked(journal: Journal, { wish: { format } }: Claim): Ending {
  const wrong = format === null ? null : misformed(textOf(journal.draft), format)
  if (wrong !== null) journal.write({ type: 'guard', guard: 'malformed', text: wrong })
  return { reason: 'done' }
}

const LAST =
  'This is the last step of this task, and no tool can be called any more. Answer now with what you know, and say what is left undone.'

function spentFault(draft: Draft, { steps, tokens, ms }: Allotment): FaultData {
  const used = spent(draft)
  if (used.tokens >= tokens) return fault('run.spent', { what: `${tokens} tokens` })
  if (used.ms >= ms) return fault('run.spent', { what: `${Math.round(ms / 60_000)} minutes` })
  return fault('steps.many', { steps })
}

/** What a person has answered since the run was given out of hand. */
async function hear(journal: Journal, { store }: Deps): Promise<void> {
  const answers = await store.acts.answersOf(journal.run)
  for (const part of journal.draft.parts) {
    if (part.kind !== 'tool' || part.ask === null || part.ask.allow !== null) continue
    const answer = answers.get(part.ask.id)
    if (answer !== undefined) journal.write({ type: 'ask.end', ask: part.ask.id, ...answer })
  }
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
