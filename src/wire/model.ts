import { z } from 'zod'

export const EndpointKind = z.enum(['llama', 'ollama', 'openai', 'engine', 'cloud'])
export type EndpointKind = z.infer<typeof EndpointKind>

/** Whose models PKN can ask when its user wants the cloud. */
export const CloudProvider = z.enum(['anthropic', 'openai', 'google', 'groq', 'openrouter', 'mistral'])
export type CloudProvider = z.infer<typeof CloudProvider>

/** `busy`: up, with all slots at work. `idle`: not running, or never asked yet, but there when it is needed. */
export const EndpointState = z.enum(['up', 'busy', 'loading', 'idle', 'down'])
export type EndpointState = z.infer<typeof EndpointState>

/** What this machine has measured of a model at an endpoint; null is not known yet. Newer answers count more. */
export const Speed = z.object({
  /** Tokens a second. */
  read: z.number().nullable(),
  write: z.number().nullable(),
  loadMs: z.number().nullable(),
  /** Tokens that an answer has. */
  answer: z.number().nullable(),
  /** How many answers this was learnt from. */
  answers: z.int().min(0),
})
export type Speed = z.infer<typeof Speed>

/** How fast one answer was, in tokens a second; null where it was not measured. */
export const Pace = z.object({ read: z.number().positive().nullable(), write: z.number().positive().nullable() })
export type Pace = z.infer<typeof Pace>

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
  /** Whether it is in memory, where the backend tells. */
  loaded: z.boolean().nullable(),
  /** Memory that it takes while it is there, where the backend tells. */
  memory: z.number().optional(),
  speed: Speed.nullable(),
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
  /** Runs of PKN that are at work there, and that wait for it. */
  busy: z.int().min(0),
  waiting: z.int().min(0),
  local: z.boolean(),
  /** Nobody configured it: such servers are often there, so it is looked for. */
  lookedFor: z.boolean().optional(),
  models: z.array(ModelInfo),
})
export type EndpointInfo = z.infer<typeof EndpointInfo>
