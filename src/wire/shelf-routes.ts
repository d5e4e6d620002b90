import { z } from 'zod'
import type { Route } from './api.ts'
import { Pace } from './model.ts'
import { CatalogueModel, InstalledModel, Machine, Pull, PullId } from './shelf.ts'

/** What PKN can start on this machine: a llama.cpp server of its own, or Ollama. */
export const ServiceToStart = z.enum(['llama', 'ollama'])
export type ServiceToStart = z.infer<typeof ServiceToStart>

/** Models of this machine: what there is, what could be had, and what is on its way. */
export const SHELF_ROUTES = {
  catalogue: {
    method: 'GET',
    path: '/v1/models/catalogue',
    about: 'Models that PKN knows and can get, the one recommended for this machine marked.',
    reply: z.object({ models: z.array(CatalogueModel), machine: Machine }),
    status: 200,
  },
  installedList: {
    method: 'GET',
    path: '/v1/models/installed',
    about: "The model files that PKN's own engine can serve.",
    reply: z.object({ models: z.array(InstalledModel) }),
    status: 200,
  },
  installedRemove: {
    method: 'DELETE',
    path: '/v1/models/installed/:name',
    about: "Delete a model file of PKN's own folder.",
    params: z.object({ name: z.string().min(1).max(300) }),
    reply: null,
    status: 204,
  },
  installedUse: {
    method: 'POST',
    path: '/v1/models/installed/:name/use',
    about: 'Let this model answer unless something else is asked for, from the next answer on.',
    params: z.object({ name: z.string().min(1).max(300) }),
    body: z.object({}),
    reply: InstalledModel,
    status: 200,
  },
  pullsList: {
    method: 'GET',
    path: '/v1/models/pulls',
    about: 'The models on their way, and those that came or failed lately; newest first.',
    reply: z.object({ pulls: z.array(Pull) }),
    status: 200,
  },
  pullsBegin: {
    method: 'POST',
    path: '/v1/models/pulls',
    about:
      'Get a model: a name of the catalogue, hf:owner/repo/file.gguf, ollama:name, a URL or a path. What is on its way already is not begun twice.',
    body: z.object({ what: z.string().trim().min(1).max(2000) }),
    reply: Pull,
    status: 202,
  },
  pullsCancel: {
    method: 'POST',
    path: '/v1/models/pulls/:pull/cancel',
    about: 'Stop getting a model. What has arrived is kept, so that the same pull goes on from there.',
    params: z.object({ pull: PullId }),
    body: z.object({}),
    reply: Pull,
    status: 202,
  },
  pullsForget: {
    method: 'DELETE',
    path: '/v1/models/pulls/:pull',
    about: 'Name a pull no more; one that is under way is stopped first. What has arrived is kept, as with a cancel.',
    params: z.object({ pull: PullId }),
    reply: null,
    status: 204,
  },
  modelsSpeeds: {
    method: 'GET',
    path: '/v1/models/speeds',
    about:
      "How fast each model was in its last answers, at most twenty of each, the newest last; and after how long without use PKN's own engine gives a model's memory back (null: never).",
    reply: z.object({
      models: z.array(z.object({ endpoint: z.string(), model: z.string(), paces: z.array(Pace) })),
      idleMinutes: z.number().nullable(),
    }),
    status: 200,
  },
  modelsLook: {
    method: 'POST',
    path: '/v1/models/look',
    about: 'Look at every endpoint now, and not when it is due; GET /v1/models tells then how they are.',
    body: z.object({}),
    reply: null,
    status: 204,
  },
  servicesStart: {
    method: 'POST',
    path: '/v1/services/:service/start',
    about:
      'Start a server of models on this machine, as `pkn start` does, and wait until it answers. One that runs already is left as it is.',
    params: z.object({ service: ServiceToStart }),
    body: z.object({}),
    reply: z.object({ text: z.string() }),
    status: 200,
  },
} as const satisfies Record<string, Route>
