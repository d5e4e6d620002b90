import type { AgentDetail } from '../../wire/agent.ts'

/** What the form holds: lists as they are typed. */
export type Fields = {
  name: string
  title: string
  about: string
  instructions: string
  /** One a line. */
  examples: string
  models: string
  tools: string
  mayDelegateTo: readonly string[]
}
/** What was typed and not saved; `version` is that of the file it began from. */
export type Draft = { fields: Fields; version: string | null }

export const EMPTY: Fields = {
  name: '',
  title: '',
  about: '',
  instructions: '',
  examples: '',
  models: '',
  tools: '',
  mayDelegateTo: [],
}

export const fieldsOf = (agent: AgentDetail): Fields => ({
  name: agent.name,
  title: agent.title,
  about: agent.about,
  instructions: agent.instructions,
  examples: agent.sampleMessages.join('\n'),
  models: agent.models.join('\n'),
  tools: agent.tools.join('\n'),
  mayDelegateTo: agent.mayDelegateTo,
})

/** The same with another name: its messages stay with the agent that they came from, or nobody could tell the two apart. */
export const asAnother = (agent: AgentDetail): Fields => ({ ...fieldsOf(agent), name: '', title: '', examples: '' })

export const isSame = (a: Fields, b: Fields): boolean => JSON.stringify(a) === JSON.stringify(b)

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** A name that could be an agent's, made of its title. */
export const nameFrom = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)

const keyOf = (name: string | null) => `pkn.agent.${name ?? '+'}`

export function readDraft(name: string | null): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null')
    if (typeof kept !== 'object' || kept === null || !('fields' in kept)) return null
    const { fields, version } = kept as Draft // only writeDraft writes these; a part that is missing is empty
    return { fields: { ...EMPTY, ...fields }, version }
  } catch {
    return null
  }
}

export function writeDraft(name: string | null, draft: Draft | null): void {
  try {
    if (draft === null) localStorage.removeItem(keyOf(name))
    else localStorage.setItem(keyOf(name), JSON.stringify(draft))
  } catch {
    // Full or forbidden: what was typed is still in the form.
  }
}

export const hasDraft = (name: string | null): boolean => readDraft(name) !== null
