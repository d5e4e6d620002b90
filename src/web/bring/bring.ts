import { refusalOf } from '../../client/problem.ts'
import { Refusal, Unreachable } from '../../client/refusal.ts'
import { API, type Reply } from '../../wire/api.ts'
import { MOST_IMPORTED } from '../../wire/imported.ts'
import type { Reach } from '../live/reach.ts'
import { bytes } from '../state/wording.ts'
import { say } from '../words/say.ts'

/** What a request may have at most. */
export const MOST = MOST_IMPORTED

/** Where a file is on its way; `share` is 0 to 1 while it is known. */
export type Bringing =
  | { state: 'waiting' }
  | { state: 'reading' }
  | { state: 'sending'; share: number }
  | { state: 'taking' }
  | { state: 'done'; reply: Reply<'importFile'> }
  | { state: 'failed'; why: string }

/** Brings one file to the server. What can't be is told in `failed`, in words that name no code. */
export async function bring(
  file: File,
  reach: Reach,
  signal: AbortSignal,
  tell: (now: Bringing) => void,
): Promise<void> {
  if (file.size > MOST) return tell({ state: 'failed', why: tooLarge(file.size) })
  tell({ state: 'reading' })
  let body: Blob
  try {
    const text = await file.text()
    body = new Blob([JSON.stringify({ name: file.name, text })], { type: 'application/json' })
  } catch {
    return tell({ state: 'failed', why: say('The browser could not read it. Was it moved, or deleted?') })
  }
  // Quotes and line ends are written as two characters each, so that a file grows on its way.
  if (body.size > MOST) return tell({ state: 'failed', why: tooLarge(body.size) })
  try {
    tell({ state: 'done', reply: await reach.surely(() => send(body, signal, tell)) })
  } catch (error) {
    if (signal.aborted) return
    if (!(error instanceof Refusal)) throw error
    tell({ state: 'failed', why: error.fault.message })
  }
}

const tooLarge = (size: number): string =>
  say(
    'It is too large: {size} to send, and at most {most} can be taken at once. Export your chats in parts, and bring those.',
    {
      size: bytes(size),
      most: bytes(MOST),
    },
  )

/** Like any other call, but it tells how much has left. */
function send(body: Blob, signal: AbortSignal, tell: (now: Bringing) => void): Promise<Reply<'importFile'>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(API.importFile.method, API.importFile.path)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Content-Type', 'application/json')
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      tell({ state: 'sending', share: total > 0 ? loaded / total : 0 }),
    )
    request.upload.addEventListener('load', () => tell({ state: 'taking' }))
    request.addEventListener('error', () => reject(new Unreachable()))
    request.addEventListener('abort', () => reject(new Unreachable()))
    request.addEventListener('load', () => {
      const reply = new Response(request.responseText, { status: request.status })
      const taken = async () => {
        if (!reply.ok) throw await refusalOf(reply)
        return API.importFile.reply.parse(await reply.json())
      }
      taken().then(resolve, reject)
    })
    signal.addEventListener('abort', () => request.abort(), { once: true })
    tell({ state: 'sending', share: 0 })
    request.send(body)
  })
}
