import { bodyOf, exchange } from './upstream.ts'
import { type Fields, isFields } from './refusal.ts'

export type Answered =
  | { ok: true; status: number; json: Fields | null; text: string }
  /** `why` is a plain sentence. */
  | { ok: false; why: string }

/** One short question to a server, for its JSON object. Ends when `signal` aborts, as not answered. */
export async function ask(
  asked: { url: string; key?: string | undefined; body?: object },
  signal: AbortSignal,
  most = 4 * 1024 * 1024,
): Promise<Answered> {
  const bits = exchange(
    {
      endpoint: 'it',
      url: asked.url,
      key: asked.key,
      ...(asked.body ? { body: JSON.stringify(asked.body) } : { method: 'GET' as const }),
    },
    signal,
  )
  for await (const bit of bits) {
    if (bit.type === 'failed') return { ok: false, why: String(bit.fault.details?.['what'] ?? bit.fault.message) }
    if (bit.type !== 'head') continue
    const text = await bodyOf(bits, most)
    if (signal.aborted) break
    return { ok: true, status: bit.status, json: objectIn(text), text }
  }
  return { ok: false, why: `${new URL(asked.url).host} took too long to answer` }
}

function objectIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}
