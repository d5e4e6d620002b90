import type { FaultData } from '../../wire/fault.ts'
import type { Snippet } from '../../wire/mind.ts'
import type { App } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { say } from '../words/say.ts'

/** As in the contract, so that a wrong name is told before it is sent. */
export const isName = (name: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name)

export async function writeSnippet(app: App, name: string, text: string): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('snippetsWrite', { params: { name }, body: { text } }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  return null
}

/** Removes it, and offers to write it again. */
export async function removeSnippet(app: App, { name, text }: Snippet): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('snippetsRemove', { params: { name } }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  app.removal.set({
    said: say('Removed the snippet “{name}”', { name }),
    back: async () => {
      await writeSnippet(app, name, text)
    },
  })
  return null
}
