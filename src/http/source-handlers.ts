import type { SOURCE_ROUTES } from '../wire/mind-routes.ts'
import type { Handlers, HttpDeps } from './caller.ts'

/** Documents that answers can rest on. */
export function sourceHandlers({
  documents,
  say,
}: Pick<HttpDeps, 'documents' | 'say'>): Pick<Handlers, keyof typeof SOURCE_ROUTES> {
  return {
    sourcesList: async ({ query }, { owner }) => ({
      sources: [...(await documents.sources(owner, query.project ?? null))],
    }),
    sourcesAdd: async ({ body }, { owner }) => {
      const source = await documents.add(owner, body.path, body.project)
      say({ level: 'info', text: `Documents to be indexed: ${source.path}` })
      return source
    },
    sourcesIndex: ({ params }, { owner }) => documents.again(owner, params.source),
    sourcesRemove: async ({ params }, { owner }) => {
      await documents.remove(owner, params.source)
      return undefined
    },
    documentsSearch: async ({ query }, { owner, left }) => ({
      passages: [...(await documents.find(owner, query.project ?? null, query.q, query.limit, left))],
    }),
    documentsRead: ({ params, query }, { owner }) => documents.read(owner, params.source, query),
  }
}
