import { z } from 'zod'
import { FaultData } from './fault.ts'

const bytes = z.number().min(0)

/** A model that PKN knows and can get. */
export const CatalogueModel = z.object({
  /** What `pkn models pull` takes. */
  id: z.string(),
  title: z.string(),
  about: z.string(),
  /** Of the file. */
  bytes,
  /** Memory that it takes with a context that one can work in. */
  memory: bytes,
  context: z.int(),
  tools: z.boolean(),
  thinking: z.boolean(),
  vision: z.boolean(),
  licence: z.string(),
  sources: z.array(z.string()),
  /** How it would do on this machine. */
  fits: z.enum(['well', 'tightly', 'no']),
  recommended: z.boolean(),
  installed: z.boolean(),
  /** Tokens a second that it would write on this machine, as an estimate; null where nothing is known to estimate by. */
  write: z.number().nullable(),
})
export type CatalogueModel = z.infer<typeof CatalogueModel>

/** What a recommendation goes by. */
export const Machine = z.object({
  memory: bytes,
  /** Free on the disk that holds the models. */
  disk: bytes,
  cores: z.int(),
  gpu: z.object({ name: z.string(), memory: bytes.nullable() }).nullable(),
})
export type Machine = z.infer<typeof Machine>

/** A model file that PKN's own engine can serve. */
export const InstalledModel = z.object({
  name: z.string(),
  path: z.string(),
  bytes,
  /** The one that answers unless something else is asked for. */
  chosen: z.boolean(),
  practice: z.boolean(),
  /** Whether `remove` may delete it: only what lies in PKN's own folder. */
  removable: z.boolean(),
})
export type InstalledModel = z.infer<typeof InstalledModel>

export const PullId = z
  .string()
  .regex(/^pull_[0-9a-z]{8,40}$/)
  .brand<'PullId'>()
export type PullId = z.infer<typeof PullId>

/** A model on its way. It goes on after a restart, from where it was. */
export const Pull = z.object({
  id: PullId,
  /** What was asked for: a name of the catalogue, hf:owner/repo/file.gguf, ollama:name, a URL or a path. */
  what: z.string(),
  /** What the model will be called. */
  name: z.string(),
  state: z.enum(['waiting', 'pulling', 'verifying', 'done', 'failed', 'cancelled']),
  /** Where it comes from at the moment, for people. */
  source: z.string().nullable(),
  done: bytes,
  total: bytes.nullable(),
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** What happened, sources that failed among it; newest last. */
  notes: z.array(z.string()),
  fault: FaultData.nullable(),
  created: z.iso.datetime(),
})
export type Pull = z.infer<typeof Pull>
