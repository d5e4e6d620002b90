import { ask } from './ask.ts'
import type { PhaseBit } from './quiet.ts'
import { isFields } from './refusal.ts'
import { baseOf, type LlamaAt, lookAtSlots } from './slots-look.ts'

/**
 * Why a llama.cpp server says nothing: a router loads the model, or all slots work for others. It answers with headers as soon as it begins to
 * read, so its silence is not that. Null if neither is to be seen.
 */
export async function whySilent(
  at: LlamaAt,
  model: string,
  seed: number,
  signal: AbortSignal,
): Promise<PhaseBit | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
  const listed = await ask({ url: `${baseOf(at.url)}/v1/models`, key: at.key }, limit)
  const rows = listed.ok && Array.isArray(listed.json?.['data']) ? listed.json['data'].filter(isFields) : []
  const status = rows.map((row) => ({ id: row['id'], status: statusOf(row) })).find(({ id }) => id === model)?.status
  // One that is not loaded, and is asked, is about to be: it waits for another to be put away.
  if (status && status !== 'loaded') return { type: 'phase', phase: 'loading', model }
  const slots = await lookAtSlots(at, status ? model : null, limit)
  if (slots === null || slots.length === 0) return null
  const others = slots.every(({ processing, seed: whose }) => processing && whose !== null && whose !== seed)
  return others ? { type: 'phase', phase: 'queued', model } : null
}
const PATIENCE_MS = 900

/** What a router tells of a model: unloaded, loading, loaded, sleeping or downloading. Null from a server with one model. */
export function statusOf(row: { readonly [name: string]: unknown }): string | null {
  const status = isFields(row['status']) ? row['status']['value'] : null
  return typeof status === 'string' ? status : null
}
