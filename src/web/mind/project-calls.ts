import type { FaultData } from '../../wire/fault.ts'
import type { Project } from '../../wire/mind.ts'
import type { App } from '../live/app.ts'
import { asked, type Answered } from '../live/asked.ts'
import { say } from '../words/say.ts'

export type ProjectFields = Pick<Project, 'name' | 'folder' | 'instructions'>

/** Others of this browser read them again; here it stands at once. */
function put({ projects }: App, project: Project): void {
  const { projects: known, read } = projects.state.get()
  const others = known.filter(({ id }) => id !== project.id)
  const all = [...others, project].sort((a, b) => a.name.localeCompare(b.name))
  projects.state.set({ projects: all, read })
  projects.changed.ring()
}

export async function createProject(app: App, fields: ProjectFields): Promise<Answered<Project>> {
  const answer = await asked(app, () => app.client.call('projectsCreate', { body: fields }))
  if (answer.ok) put(app, answer.value)
  return answer
}

export async function changeProject(app: App, { id }: Project, fields: ProjectFields): Promise<Answered<Project>> {
  const params = { project: id }
  const answer = await asked(app, () => app.client.call('projectsChange', { params, body: fields }))
  if (answer.ok) put(app, answer.value)
  return answer
}

/** Removes it, and offers to take that back. */
export async function removeProject(app: App, { id, name }: Project): Promise<FaultData | null> {
  const params = { project: id }
  const answer = await asked(app, () => app.client.call('projectsRemove', { params }))
  if (!answer.ok) return answer.fault
  const { projects } = app
  projects.state.set({
    ...projects.state.get(),
    projects: projects.state.get().projects.filter((one) => one.id !== id),
  })
  if (projects.only.get() === id) projects.only.set(null)
  projects.changed.ring()
  app.sessions.refresh()
  app.removal.set({
    said: say('Removed the project “{name}”. Its chats and files stay.', { name }),
    back: async () => {
      const back = await asked(app, () => app.client.call('projectsRestore', { params, body: {} }))
      if (back.ok) put(app, back.value)
      app.sessions.refresh()
    },
  })
  return null
}
