import type { Json } from '../../wire/event.ts'
import type { AskId, RunId } from '../../wire/id.ts'
import type { Effect, Shown } from '../../wire/shown.ts'
import type { OpenAsk } from '../../wire/tool.ts'
import type { AskedPart } from '../state/asking.ts'
import { callWords, toolWords } from '../state/call-words.ts'
import { say } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'

/** A question as a card shows it; `input` null where the page has not read it. */
export type Asking = {
  ask: AskId
  run: RunId
  agent: string
  tool: string
  effect: Effect
  why: string
  shown: Shown
  expires: string | null
  input: Json | null
}

export const fromPart = ({ tool, input, ask }: AskedPart, run: RunId, agent: string): Asking => ({
  ask: ask.id,
  run,
  agent,
  tool,
  effect: ask.effect ?? 'run',
  why: ask.why ?? '',
  shown: ask.shown ?? { kind: 'input', text: JSON.stringify(input, null, 2) },
  expires: ask.expires ?? null,
  input,
})

export const fromOpen = ({ ask, run, agent, tool, effect, why, shown, expires }: OpenAsk, title: string): Asking => ({
  ask,
  run,
  agent: title === '' ? agent : title,
  tool,
  effect,
  why,
  shown,
  expires,
  input: null,
})

/** What it is about, in a few words: "write notes.md". */
export function askWords({ tool, input, shown }: Pick<Asking, 'tool' | 'input' | 'shown'>): string {
  if (input !== null) return callWords(tool, input)
  switch (shown.kind) {
    case 'diff':
      return callWords(tool, { path: shown.path })
    case 'command':
      return callWords(tool, { command: shown.command })
    case 'address':
      return callWords(tool, { url: shown.url })
    case 'question':
      return callWords(tool, { question: shown.text })
    case 'plan':
    case 'text':
    case 'input':
      return callWords(tool, {})
  }
}

/** What it asks to do, above the very thing: what stands there is not said twice. */
export function titleWords(asking: Pick<Asking, 'tool' | 'input' | 'shown'>): string {
  switch (asking.shown.kind) {
    case 'command':
      return say('run a command')
    case 'address':
      return say('fetch a page')
    case 'diff':
    case 'question':
    case 'plan':
    case 'input':
    case 'text':
      return asking.tool === 'remember' ? say('remember something') : askWords(asking)
  }
}

/** The rule that asks, in the language of the page. What the server says otherwise is shown as it says it. */
export function whyWords(why: string): string {
  const [, tool, agent, whose] = /^(\S+) by (\S+) \(.*\) is asked for (as is usual|by your rules)\.$/.exec(why) ?? []
  if (tool !== undefined && agent !== undefined) {
    const names = { tool: toolWords(tool), agent: agentTitle(agent.charAt(0).toUpperCase() + agent.slice(1)) }
    return whose === 'by your rules'
      ? say('Your rules say that {agent} asks before {tool}.', names)
      : say('By default, {agent} asks before {tool}.', names)
  }
  if (why === 'The agent shows its plan before it begins.') return say('It begins once you approve this.')
  return why === 'The agent has a question.' ? '' : why
}

/** What "in this chat" allows, exactly. */
export function chatWords({ tool, shown }: Pick<Asking, 'tool' | 'shown'>): string {
  if (shown.kind === 'command') return say('“In this chat” allows this very command again, and no other.')
  if (shown.kind === 'address') return say('“In this chat” allows this host again, and no other.')
  return say('“In this chat” allows {tool} in this whole chat, without asking.', { tool: toolWords(tool) })
}

/** The part of the input that a person changes by hand: a command, a content; else all of it, as JSON. */
export function fieldOf({ input }: Pick<Asking, 'input'>): { name: string | null; text: string } {
  if (input !== null && typeof input === 'object' && !Array.isArray(input)) {
    for (const name of ['command', 'content', 'url'])
      if (typeof input[name] === 'string') return { name, text: input[name] }
  }
  return { name: null, text: JSON.stringify(input, null, 2) }
}

/** The input with what was typed in its place; a text is what is wrong with it. */
export function changed(
  input: Json | null,
  name: string | null,
  text: string,
): { ok: true; input: Json } | { ok: false; what: string } {
  if (name !== null && input !== null && typeof input === 'object' && !Array.isArray(input))
    return { ok: true, input: { ...input, [name]: text } }
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null
      ? { ok: true, input: read as Json }
      : { ok: false, what: say('It must be an object: { … }') }
  } catch (error) {
    return { ok: false, what: error instanceof Error ? error.message : String(error) }
  }
}
