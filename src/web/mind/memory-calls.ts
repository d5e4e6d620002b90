import type { FaultData } from '../../wire/fault.ts'
import type { MemoryId, ProjectId } from '../../wire/id.ts'
import type { Memory } from '../../wire/mind.ts'
import type { App } from '../live/app.ts'
import { asked, type Answered } from '../live/asked.ts'
import { say } from '../words/say.ts'
import { shortly } from './shortly.ts'

export type NewMemory = { text: string; project: ProjectId | null; always: boolean }

export async function addMemory(app: App, memory: NewMemory): Promise<Answered<Memory>> {
  const answer = await asked(app, () => app.client.call('memoriesAdd', { body: memory }))
  if (answer.ok) app.projects.changed.ring()
  return answer
}

export async function changeMemory(app: App, id: MemoryId, change: Partial<NewMemory>): Promise<Answered<Memory>> {
  const answer = await asked(app, () => app.client.call('memoriesChange', { params: { memory: id }, body: change }))
  if (answer.ok) app.projects.changed.ring()
  return answer
}

/** Forgets it, and offers to take that back. */
export async function forget(
  app: App,
  { id, text }: Pick<Memory, 'id' | 'text'>,
  onBack: () => void = () => {},
): Promise<FaultData | null> {
  const params = { memory: id }
  const answer = await asked(app, () => app.client.call('memoriesRemove', { params }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  app.removal.set({
    said: say('Forgot “{text}”', { text: shortly(text) }),
    back: async () => {
      await asked(app, () => app.client.call('memoriesRestore', { params, body: {} }))
      onBack()
      app.projects.changed.ring()
    },
  })
  return null
}
