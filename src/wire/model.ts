import { z } from 'zod'

export const EndpointKind = z.enum(['llama', 'ollama', 'openai', 'engine'])
export type EndpointKind = z.infer<typeof EndpointKind>

/** `idle`: not running, but PKN starts it when it is needed. */
export const EndpointState = z.enum(['up', 'loading', 'idle', 'down'])

export const ModelInfo = z.object({
  name: z.string(),
  endpoint: z.string(),
  /** Tokens that the model can read and write in all, where the backend tells. */
  context: z.int().nullable(),
  tools: z.boolean().nullable(),
  thinking: z.boolean().nullable(),
  vision: z.boolean().nullable(),
  bytes: z.number().nullable(),
  /** The model that only shows how PKN works, and knows nothing. */
  practice: z.boolean(),
})
export type ModelInfo = z.infer<typeof ModelInfo>

export const EndpointInfo = z.object({
  name: z.string(),
  kind: EndpointKind,
  url: z.string(),
  state: EndpointState,
  /** Since when it is in that state. */
  since: z.iso.datetime(),
  /** Why it is not up. */
  why: z.string().nullable(),
  slots: z.int().min(1),
  local: z.boolean(),
  models: z.array(ModelInfo),
})
export type EndpointInfo = z.infer<typeof EndpointInfo>
