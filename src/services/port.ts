import { createConnection, createServer } from 'node:net'

export type Answering =
  | { what: 'free' }
  /** PKN's own engine or a llama-server; `ready` once its model is loaded. */
  | {
      what: 'engine' | 'llama'
      ready: boolean
      model: string | null
      practice: boolean
      pid: number | null
      loading: Loading | null
    }
  | { what: 'other' }
export type Loading = { done: number; total: number }

type Health = {
  status?: unknown
  error?: { type?: unknown }
  progress?: Loading
  pkn?: { model?: string; practice?: boolean; pid?: number }
}

/** Who answers on a port of this machine. */
export async function whoAnswers(port: number, signal?: AbortSignal): Promise<Answering> {
  if (!(await accepts(port))) return { what: 'free' }
  const health = await getJson<Health>(`http://127.0.0.1:${port}/health`, signal)
  if (health === null) return { what: 'other' }
  const { status, body } = health
  const ready = status === 200 && body.status === 'ok'
  const loading = status === 503 && body.error?.type === 'unavailable_error'
  if (!ready && !loading) return { what: 'other' }
  const about = { ready, loading: body.progress ?? null }
  if (typeof body.pkn === 'object')
    return {
      what: 'engine',
      ...about,
      model: body.pkn.model ?? null,
      practice: body.pkn.practice === true,
      pid: body.pkn.pid ?? null,
    }
  if (loading) return { what: 'llama', ...about, model: null, practice: false, pid: null }
  // Many a server says ok under /health; only llama.cpp's has slots to tell of.
  const props = await getJson<{ total_slots?: unknown; model_path?: string }>(`http://127.0.0.1:${port}/props`, signal)
  if (typeof props?.body.total_slots !== 'number') return { what: 'other' }
  const model = props.body.model_path?.replace(/^.*[/\\]|\.gguf$/g, '') ?? null
  return { what: 'llama', ...about, model, practice: model?.startsWith('practice-') === true, pid: null }
}

/** A JSON answer, or null if there is none within two seconds. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<{ status: number; body: T } | null> {
  const limit = AbortSignal.timeout(2000)
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      redirect: 'manual',
    })
    const body: unknown = JSON.parse((await response.text()).slice(0, 1_000_000))
    return typeof body === 'object' && body !== null ? { status: response.status, body: body as T } : null
  } catch {
    return null
  }
}

export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 1000 })
    const end = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(true)) // something holds it, and is too busy to accept
    socket.once('error', () => end(false))
  })

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
