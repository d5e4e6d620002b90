import type { MEMORY_ROUTES, PROJECT_ROUTES } from '../wire/mind-routes.ts'
import type { Handlers, HttpDeps } from './caller.ts'

type Names = keyof typeof PROJECT_ROUTES | keyof typeof MEMORY_ROUTES

/** What sessions share, and what is known beside what is said. */
export function mindHandlers({ store, workspaces, say, learns, router }: HttpDeps): Pick<Handlers, Names> {
  const { mind } = store
  const checked = async (folder: string | null) => (folder === null ? null : workspaces.projectFolder(folder))
  return {
    projectsList: async (_, { owner }) => ({ projects: [...(await mind.projects(owner))] }),
    projectsCreate: async ({ body }, { owner }) => {
      const folder = await checked(body.folder ?? null)
      const project = await mind.createProject(owner, { ...body, folder })
      say({ level: 'info', text: `Created project ${project.id} in ${folder ?? 'no folder of its own'}` })
      return project
    },
    projectsRead: ({ params }, { owner }) => mind.project(owner, params.project),
    projectsChange: async ({ params, body }, { owner }) => {
      const { id } = await mind.project(owner, params.project)
      const folder = body.folder === undefined ? undefined : await checked(body.folder)
      return mind.changeProject(owner, id, { ...body, folder })
    },
    projectsRemove: async ({ params }, { owner }) => {
      await mind.removeProject(owner, params.project)
      say({ level: 'info', text: `Removed project ${params.project}` })
      return undefined
    },
    projectsRestore: ({ params }, { owner }) => mind.restoreProject(owner, params.project),

    memoriesList: async ({ query }, { owner }) => {
      const { rows, next } = await mind.memories(owner, { ...query, project: query.project ?? null })
      return { memories: rows, next }
    },
    memoriesAdd: ({ body }, { owner }) => mind.remember(owner, { ...body, by: { kind: 'person' } }),
    memoriesChange: ({ params, body }, { owner }) => mind.changeMemory(owner, params.memory, body),
    memoriesRemove: async ({ params }, { owner }) => {
      await mind.forget(owner, params.memory)
      return undefined
    },
    memoriesRestore: ({ params }, { owner }) => mind.restoreMemory(owner, params.memory),

    snippetsList: async (_, { owner }) => ({ snippets: [...(await mind.snippets(owner))] }),
    snippetsWrite: ({ params, body }, { owner }) => mind.writeSnippet(owner, params.name, body.text),
    snippetsRemove: async ({ params }, { owner }) => {
      await mind.removeSnippet(owner, params.name)
      return undefined
    },

    lessonsList: async ({ query }, { owner }) => {
      const { rows, next } = await mind.lessons(owner, query)
      return { lessons: rows, next, learns: learns !== false }
    },
    lessonsRemove: async ({ params }, { owner }) => {
      await mind.unteach(owner, params.message)
      // Asked now, it forgets now, also what it has kept of it.
      await router(owner)
      return undefined
    },
  }
}
