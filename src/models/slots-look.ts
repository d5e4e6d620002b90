import { ask } from './ask.ts'
import { isFields } from './refusal.ts'

/** A slot of a llama.cpp server or of PKN's engine; `seed` tells whose work it does, where the server shows it. */
export type SlotSeen = { processing: boolean; seed: number | null }
export type LlamaAt = { url: string; key?: string | undefined }

/** https://github.com/ggml-org/llama.cpp/tree/master/tools/server#get-slots. Null where it can't be told. A model is named to a router. */
export async function lookAtSlots(at: LlamaAt, model: string | null, signal: AbortSignal): Promise<SlotSeen[] | null> {
  // A router would load the model only to tell its slots.
  const query = model === null ? '' : `?model=${encodeURIComponent(model)}&autoload=false`
  const answer = await ask({ url: `${baseOf(at.url)}/slots${query}`, key: at.key }, signal)
  // What is not in memory yet, or no longer, has no slots that could work.
  if (answer.ok && answer.status >= 400 && /loading model|model is not loaded/i.test(answer.text)) return []
  if (!answer.ok || answer.status !== 200) return null
  let rows: unknown
  try {
    rows = JSON.parse(answer.text)
  } catch {
    return null
  }
  if (!Array.isArray(rows)) return null
  return rows.filter(isFields).map((row) => {
    const seed = isFields(row['params']) ? row['params']['seed'] : null
    return { processing: row['is_processing'] === true, seed: typeof seed === 'number' ? seed : null }
  })
}

/** /health, /props and /slots are beside /v1. */
export const baseOf = (url: string): string => url.replace(/\/+$/, '').replace(/\/v1$/, '')
