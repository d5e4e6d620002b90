import { z } from 'zod'
import type { Route } from './api.ts'
import { MemoryId, MessageId, ProjectId, SourceId } from './id.ts'
import { Lesson, Memory, Project, Snippet, Source } from './mind.ts'
import { Passage } from './recall.ts'
import { text, title } from './route-parts.ts'

const project = z.object({ project: ProjectId })
const memory = z.object({ memory: MemoryId })
const source = z.object({ source: SourceId })
const snippet = z.object({ name: Snippet.shape.name })
/** A project by its id; what reaches everywhere if it is left out. `all`: whatever it reaches. */
const reach = z.union([ProjectId, z.literal('all')]).optional()
const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(40).optional(),
})
const path = text.trim().min(1).max(4096)
const instructions = text.max(20_000)
const fact = text.trim().min(1).max(2000)

/** What sessions share. */
export const PROJECT_ROUTES = {
  projectsList: {
    method: 'GET',
    path: '/v1/projects',
    about: 'Your projects, by name.',
    reply: z.object({ projects: z.array(Project) }),
    status: 200,
  },
  projectsCreate: {
    method: 'POST',
    path: '/v1/projects',
    about:
      'Begin a project. `folder` is an absolute path of a folder that is there: tools work in it, under the policy. Without one each session has a folder of its own.',
    body: z.object({ name: title, folder: path.nullable().optional(), instructions: instructions.default('') }),
    reply: Project,
    status: 201,
  },
  projectsRead: {
    method: 'GET',
    path: '/v1/projects/:project',
    about: 'One project.',
    params: project,
    reply: Project,
    status: 200,
  },
  projectsChange: {
    method: 'PATCH',
    path: '/v1/projects/:project',
    about: 'Give a project another name, folder or instructions. What runs now goes on as it began.',
    params: project,
    body: z.object({
      name: title.optional(),
      folder: path.nullable().optional(),
      instructions: instructions.optional(),
    }),
    reply: Project,
    status: 200,
  },
  projectsRemove: {
    method: 'DELETE',
    path: '/v1/projects/:project',
    about:
      'Remove a project with its memories and the index of its documents. Its sessions stay, in no project; no file of its folder is touched. It can be restored for an hour.',
    params: project,
    reply: null,
    status: 204,
  },
  projectsRestore: {
    method: 'POST',
    path: '/v1/projects/:project/restore',
    about: 'Take the removal of a project back, within an hour.',
    params: project,
    body: z.object({}),
    reply: Project,
    status: 200,
  },
} as const satisfies Record<string, Route>

/** What is known beside what is said. */
export const MEMORY_ROUTES = {
  memoriesList: {
    method: 'GET',
    path: '/v1/memories',
    about: 'What is remembered, newest first; with `q`, what fits that, best first.',
    query: page.extend({ project: reach, q: z.string().max(1000).optional() }),
    reply: z.object({ memories: z.array(Memory), next: z.string().nullable() }),
    status: 200,
  },
  memoriesAdd: {
    method: 'POST',
    path: '/v1/memories',
    about: 'Remember something. The same text with the same reach once more gives the memory that there is.',
    body: z.object({ text: fact, project: ProjectId.nullable().default(null), always: z.boolean().default(false) }),
    reply: Memory,
    status: 201,
  },
  memoriesChange: {
    method: 'PATCH',
    path: '/v1/memories/:memory',
    about: 'Change what is remembered, or where and when it is told.',
    params: memory,
    body: z.object({
      text: fact.optional(),
      project: ProjectId.nullable().optional(),
      always: z.boolean().optional(),
    }),
    reply: Memory,
    status: 200,
  },
  memoriesRemove: {
    method: 'DELETE',
    path: '/v1/memories/:memory',
    about: 'Forget it. It can be restored for an hour.',
    params: memory,
    reply: null,
    status: 204,
  },
  memoriesRestore: {
    method: 'POST',
    path: '/v1/memories/:memory/restore',
    about: 'Take that back, within an hour.',
    params: memory,
    body: z.object({}),
    reply: Memory,
    status: 200,
  },
  snippetsList: {
    method: 'GET',
    path: '/v1/snippets',
    about: 'Texts that are written often, by name.',
    reply: z.object({ snippets: z.array(Snippet) }),
    status: 200,
  },
  snippetsWrite: {
    method: 'PUT',
    path: '/v1/snippets/:name',
    about: 'Keep a text under a name, in the place of the one that has it.',
    params: snippet,
    body: z.object({ text: text.min(1).max(100_000) }),
    reply: Snippet,
    status: 200,
  },
  snippetsRemove: {
    method: 'DELETE',
    path: '/v1/snippets/:name',
    about: 'Remove a text. One that is not there is no fault.',
    params: snippet,
    reply: null,
    status: 204,
  },
  lessonsList: {
    method: 'GET',
    path: '/v1/lessons',
    about:
      'What the router has learnt from you: messages that you gave to another agent than it had chosen, newest first.',
    query: page,
    reply: z.object({
      lessons: z.array(Lesson),
      next: z.string().nullable(),
      /** False: `routing.learn` is off. Nothing is kept, and what was kept is not gone by. */
      learns: z.boolean(),
    }),
    status: 200,
  },
  lessonsRemove: {
    method: 'DELETE',
    path: '/v1/lessons/:message',
    about: 'Have the router forget one of them. One that is not there is no fault.',
    params: z.object({ message: MessageId }),
    reply: null,
    status: 204,
  },
} as const satisfies Record<string, Route>

/** Documents that answers can rest on. */
export const SOURCE_ROUTES = {
  sourcesList: {
    method: 'GET',
    path: '/v1/sources',
    about: 'Folders and files of documents that are indexed, and how far.',
    query: z.object({ project: reach }),
    reply: z.object({ sources: z.array(Source) }),
    status: 200,
  },
  sourcesAdd: {
    method: 'POST',
    path: '/v1/sources',
    about:
      'Index a folder or a file of this machine: text, Markdown, code, PDF. Nothing leaves the machine but to an embedding model that you have set up elsewhere. The same path with the same reach once more gives the source that there is.',
    body: z.object({ path, project: ProjectId.nullable().default(null) }),
    reply: Source,
    status: 202,
  },
  sourcesIndex: {
    method: 'POST',
    path: '/v1/sources/:source/index',
    about: 'Look again at what has changed since. PKN does so by itself before it starts, and when it sees a change.',
    params: source,
    body: z.object({}),
    reply: Source,
    status: 202,
  },
  sourcesRemove: {
    method: 'DELETE',
    path: '/v1/sources/:source',
    about: 'Forget the index of a source. The documents stay as they are.',
    params: source,
    reply: null,
    status: 204,
  },
  documentsSearch: {
    method: 'GET',
    path: '/v1/documents/search',
    about: 'The passages that fit a question best, by words and, where an embedding model is there, by meaning.',
    query: z.object({
      q: z.string().max(4000),
      project: ProjectId.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(8),
    }),
    reply: z.object({ passages: z.array(Passage) }),
    status: 200,
  },
  documentsRead: {
    method: 'GET',
    path: '/v1/sources/:source/text',
    about: 'Lines of a document as it was indexed, to be read around a passage.',
    params: source,
    query: z.object({
      path: z.string().max(4096).default(''),
      page: z.coerce.number().int().min(1).optional(),
      from: z.coerce.number().int().min(1).default(1),
      lines: z.coerce.number().int().min(1).max(2000).default(200),
    }),
    reply: z.object({ text: z.string(), from: z.int(), lines: z.int(), total: z.int() }),
    status: 200,
  },
} as const satisfies Record<string, Route>
