import type { Handlers, HttpDeps } from './caller.ts'

type ShelfRoutes =
  | 'catalogue'
  | 'installedList'
  | 'installedRemove'
  | 'installedUse'
  | 'pullsList'
  | 'pullsBegin'
  | 'pullsCancel'
  | 'pullsForget'
  | 'modelsSpeeds'
  | 'modelsLook'
  | 'servicesStart'

/** Models of this machine, and those on their way. */
export function shelfHandlers({
  shelf,
  backends,
  services,
  speeds,
  idleMinutes = 0,
  say,
}: HttpDeps): Pick<Handlers, ShelfRoutes> {
  return {
    catalogue: () => shelf.catalogue(),
    installedList: async () => ({ models: await shelf.installed() }),
    installedRemove: async ({ params }) => {
      await shelf.remove(params.name)
      say({ level: 'info', text: `Removed model: ${params.name}` })
      return undefined
    },
    installedUse: async ({ params }) => {
      const model = await shelf.use(params.name)
      say({ level: 'info', text: `Model from now on: ${model.name}` })
      return model
    },
    pullsList: async () => ({ pulls: shelf.pulls() }),
    pullsBegin: ({ body }) => shelf.pull(body.what),
    pullsCancel: ({ params }) => shelf.cancel(params.pull),
    pullsForget: async ({ params }) => {
      await shelf.forget(params.pull)
      return undefined
    },
    modelsSpeeds: async () => ({
      models: backends
        .list()
        .flatMap(({ name, models }) =>
          models.map((model) => ({ endpoint: name, model: model.name, paces: [...speeds.paces(name, model.name)] })),
        )
        .filter(({ paces }) => paces.length > 0),
      idleMinutes: idleMinutes > 0 ? idleMinutes : null,
    }),
    modelsLook: async () => {
      await backends.look()
      return undefined
    },
    servicesStart: async ({ params }) => {
      const text = await services.start(params.service)
      say({ level: 'info', text: `${params.service}: ${text}` })
      await backends.look()
      return { text }
    },
  }
}
