import { useRef, useState } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import type { FaultData } from '../../wire/fault.ts'
import { goToAgents } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { agentTitle } from '../words/titles.ts'
import { say, sayWrong } from '../words/say.ts'
import { changed } from './agent-calls.ts'
import type { FieldName } from './field.tsx'
import { isSame, linesOf, nameFrom, readDraft, writeDraft, type Fields } from './form-draft.ts'

export type FormGiven = {
  /** Null for a new agent. */
  name: string | null
  begun: Fields
  /** Fields to begin with where nothing was typed before. */
  offered?: Fields
  version: string | null
  /** The agent as it is now. */
  now: AgentDetail | null
}

/** What is typed, kept at every letter; and its way to the server. */
export function useForm({ name, begun, offered, version, now }: FormGiven) {
  const app = useApp()
  const { agents } = useCell(app.machine)
  const [kept] = useState(() => readDraft(name))
  const [fields, setFields] = useState<Fields>(kept?.fields ?? offered ?? begun)
  const [base, setBase] = useState(kept === null ? version : kept.version)
  const [fault, setFault] = useState<FaultData | null>(null)
  const [wrongs, setWrongs] = useState<Partial<Record<FieldName, string>>>({})
  const [saving, setSaving] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const dirty = !isSame(fields, begun)
  const stale = now !== null && now.version !== base

  const change = (part: Partial<Fields>) => {
    const next = { ...fields, ...part }
    // The name follows the title until it is given by hand.
    if (name === null && part.title !== undefined && fields.name === nameFrom(fields.title))
      next.name = nameFrom(part.title)
    setFields(next)
    writeDraft(name, isSame(next, begun) ? null : { fields: next, version: base })
    const mended = Object.keys(part) as FieldName[]
    setWrongs((was) =>
      Object.fromEntries(Object.entries(was).filter(([field]) => !mended.includes(field as FieldName))),
    )
  }
  const refuse = (told: FaultData, wrong: Partial<Record<FieldName, string>>) => {
    setFault(told)
    setWrongs(wrong)
    // Drawn first, so that what is wrong is read with its field.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  }
  const save = async (over: string | null) => {
    if (saving) return
    const agent = name ?? fields.name
    if (name === null && agents.some((one) => one.name === agent)) {
      const text = say('is taken by another agent')
      return refuse(
        { code: 'agent.invalid', message: say('Some fields need another look.'), fix: '', retry: false },
        { name: text },
      )
    }
    setSaving(true)
    setFault(null)
    setWrongs({})
    const { title, about, instructions, examples, models, tools, mayDelegateTo } = fields
    const body = {
      title,
      about,
      instructions,
      examples: linesOf(examples),
      models: linesOf(models),
      tools: linesOf(tools),
      mayDelegateTo: [...mayDelegateTo],
      version: over ?? '',
    }
    // A name that was left empty still has to be refused with words.
    const answer = await asked(app, () =>
      app.client.call('agentsWrite', { params: { agent: agent === '' ? ' ' : agent }, body }),
    )
    setSaving(false)
    if (!answer.ok) return refuse(answer.fault, wrongsIn(answer.fault))
    writeDraft(name, null)
    changed(app)
    app.aloud.set(say('{agent} is saved, and messages are routed by it.', { agent: agentTitle(answer.value.title) }))
    goToAgents(answer.value.name)
  }
  return {
    fields,
    change,
    wrongs,
    fault,
    saving,
    dirty,
    stale,
    form,
    save: () => own(save(base)),
    saveOver: () => {
      const over = now?.version ?? null
      setBase(over)
      own(save(over))
    },
    discard: () => writeDraft(name, null),
  }
}

const FIELDS: readonly FieldName[] = [
  'name',
  'title',
  'about',
  'instructions',
  'examples',
  'models',
  'tools',
  'mayDelegateTo',
]

/** What the server says is wrong, field by field. */
const wrongsIn = ({ code, details = {} }: FaultData): Partial<Record<FieldName, string>> =>
  code !== 'agent.invalid'
    ? {}
    : Object.fromEntries(
        FIELDS.flatMap((field) => (field in details ? [[field, sayWrong(String(details[field]))]] : [])),
      )
