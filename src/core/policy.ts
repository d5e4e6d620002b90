import type { AgentName } from '../wire/id.ts'
import type { Effect } from '../wire/shown.ts'
import type { Reach, Subject, Tool } from './tool-ports.ts'

export type Decision = 'allow' | 'ask' | 'deny'
/** The first rule that fits decides; what a rule leaves out fits everything. `path` is a pattern as of a shell: `*`, `**`, `?`; `host` a name, or `*.` and a name. */
export type PolicyRule = {
  tool?: string | undefined
  effect?: Effect | undefined
  reach?: Reach | undefined
  agent?: AgentName | undefined
  path?: string | undefined
  host?: string | undefined
  decision: Decision
}
/** Allowed by a person for one session: calls of a tool; of a host, or of exactly that command, where the tool has such. */
export type Allowance = { tool: string; key: string }
export type Judged = { decision: Decision; why: string }

/** Looking is allowed within the workspace; writing, running, and what leaves it, is asked. */
const USUAL: readonly PolicyRule[] = [
  { effect: 'read', reach: 'none', decision: 'allow' },
  { effect: 'read', reach: 'workspace', decision: 'allow' },
  { effect: 'write', reach: 'none', decision: 'allow' },
  { decision: 'ask' },
]

export function allowanceOf(tool: Pick<Tool, 'name'>, subject: Subject): Allowance {
  const key = subject.kind === 'host' ? subject.host : subject.kind === 'command' ? commandKey(subject) : ''
  return { tool: tool.name, key }
}
/** What says which of both it is stands first: behind a command it could be a part of it. */
const commandKey = ({ command, network }: Extract<Subject, { kind: 'command' }>) =>
  `${network ? 'with' : 'without'} network\n${command}`

/** What is done about a call. An allowance turns `ask` into `allow`, and never a `deny`. */
export function judge(
  call: { tool: Pick<Tool, 'name' | 'effect' | 'reach'>; agent: AgentName; subject: Subject },
  rules: readonly PolicyRule[],
  allowances: readonly Allowance[],
): Judged {
  const { tool, agent, subject } = call
  const own = rules.find((rule) => fits(rule, call))
  const rule = own ?? USUAL.find((usual) => fits(usual, call)) ?? { decision: 'ask' as const }
  const whose = own === undefined ? 'as is usual' : 'by your rules'
  if (rule.decision !== 'ask')
    return {
      decision: rule.decision,
      why: `${told(tool, agent)} is ${rule.decision === 'allow' ? 'allowed' : 'not allowed'} ${whose}.`,
    }
  const wanted = allowanceOf(tool, subject)
  if (allowances.some(({ tool: name, key }) => name === wanted.tool && key === wanted.key))
    return { decision: 'allow', why: 'You allowed this for the chat.' }
  return { decision: 'ask', why: `${told(tool, agent)} is asked for ${whose}.` }
}

const told = ({ name, effect, reach }: Pick<Tool, 'name' | 'effect' | 'reach'>, agent: AgentName): string =>
  `${name} by ${agent} (${{ read: 'looks', write: 'writes', run: 'runs something' }[effect]}${{ none: '', workspace: ' in the workspace', machine: ' on this machine', network: ' on the network' }[reach]})`

function fits(rule: PolicyRule, { tool, agent, subject }: Parameters<typeof judge>[0]): boolean {
  if (rule.tool !== undefined && !pattern(rule.tool).test(tool.name)) return false
  if (rule.effect !== undefined && rule.effect !== tool.effect) return false
  if (rule.reach !== undefined && rule.reach !== tool.reach) return false
  if (rule.agent !== undefined && rule.agent !== agent) return false
  if (rule.host !== undefined && !(subject.kind === 'host' && hostFits(rule.host, subject.host))) return false
  if (rule.path === undefined) return true
  if (subject.kind !== 'files' || subject.paths.length === 0) return false
  const wanted = pattern(rule.path)
  // What allows must fit every file that is touched; what asks or refuses, any of them.
  return rule.decision === 'allow'
    ? subject.paths.every((p) => wanted.test(p))
    : subject.paths.some((p) => wanted.test(p))
}

const hostFits = (rule: string, host: string): boolean =>
  rule.startsWith('*.') ? host.endsWith(rule.slice(1)) && host.length > rule.length - 1 : rule === host

function pattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : `\\${part}`
  })
  return new RegExp(`^${source}$`, 'su')
}
