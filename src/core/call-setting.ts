import { AgentName } from '../wire/id.ts'
import type { Project } from '../wire/mind.ts'
import type { Call, CallContext } from './call-context.ts'
import { crewOf } from './crew.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import type { Agent, Claim } from './ports.ts'
import { judge } from './policy.ts'
import { recallOf } from './recall-use.ts'
import type { Tasks } from './tasks.ts'
import type { Subject } from './tool-ports.ts'
import { UNKNOWN_CONTEXT } from './turn.ts'

/** Characters of one output, of which a token is about three: a fifth of the context, within bounds. */
const ROOM = { least: 1200, most: 16_000, perToken: 3.2, share: 0.2 }

/** What the calls of one run are made with. The workspace is there once this resolves. */
export async function callContext(
  {
    claim,
    journal,
    agent,
    stop,
    tasks,
    project,
  }: { claim: Claim; journal: Journal; agent: Agent; stop: AbortSignal; tasks: Tasks; project: Project | null },
  deps: Deps,
): Promise<CallContext> {
  const { tools, policy, store, outputs, versions, clock, say } = deps
  const { owner, run, session } = claim
  const folder = await deps.workspaces.folderOf(owner, run)
  const use = (call: Call, subject: Subject, signal: AbortSignal, tell: (text: string) => void) => ({
    owner,
    run,
    session,
    agent: agent.name,
    call: call.call,
    folder,
    subject,
    signal,
    say: tell,
    todo: (items: Parameters<ReturnType<CallContext['use']>['todo']>[0]) =>
      journal.write({ type: 'todo.set', items: [...items] }),
    versions,
    outputs,
    crew: crewOf({ claim, journal, agent, call, signal }, deps),
    recall: recallOf({ claim, journal, agent, call, project }, deps),
    may: mayOf(call, subject),
    answered: call.ask?.text ?? null,
  })
  /** A file that a rule asks for is allowed with the whole call, where that was asked for; one that a rule refuses never is. */
  const mayOf = (call: Call, subject: Subject) => {
    const tool = tools.find(call.tool)
    const judged = (about: Subject) =>
      tool === null ? 'deny' : judge({ tool, agent: agent.name, subject: about }, policy, []).decision
    const whole = judged(subject)
    return (path: string): boolean => {
      const one = judged({ kind: 'files', paths: [path] })
      return one === 'allow' || (one === 'ask' && whole === 'ask')
    }
  }
  return {
    journal,
    agent,
    tools,
    offered: new Set(),
    policy,
    allowances: () => store.acts.allowances(session),
    expires: () => (deps.limits.askMs === null ? null : new Date(clock.wall() + deps.limits.askMs).toISOString()),
    park: async (question) => {
      journal.write({ type: 'phase', phase: 'asking' })
      if (question === null) return journal.park(null, null)
      const { event, allowance, tool } = question
      const { ask, call, effect, why, shown, expires } = event
      await journal.park(event, {
        ask,
        call,
        tool,
        agent: AgentName.parse(agent.name),
        effect: effect ?? 'run',
        why: why ?? '',
        shown: shown ?? { kind: 'text', text: '' },
        expires: expires ?? null,
        allowance,
      })
    },
    use,
    folder,
    outputs,
    owner,
    room: () => roomOf(journal, deps),
    stop,
    tasks,
    clock,
    say: (line) => say({ ...line, run, session }),
  }
}

function roomOf(journal: Journal, { backends }: Deps): number {
  const asked = journal.draft.steps.at(-1)
  const endpoint = backends.list().find(({ name }) => name === asked?.endpoint)
  const context = endpoint?.models.find(({ name }) => name === asked?.model)?.context ?? UNKNOWN_CONTEXT
  return Math.min(ROOM.most, Math.max(ROOM.least, Math.round(context * ROOM.share * ROOM.perToken)))
}
