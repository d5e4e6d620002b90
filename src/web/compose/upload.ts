import { refusalOf } from '../../client/problem.ts'
import { Unreachable } from '../../client/refusal.ts'
import type { Attachment } from '../../wire/attachment.ts'

/** Puts a file to the server. Only XMLHttpRequest tells how far it is. Rejects as every call of the API does. */
export async function upload(
  file: { name: string; type: string; bytes: Blob },
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  const data = await base64(file.bytes)
  signal.throwIfAborted()
  const response = await new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/attachments')
    request.setRequestHeader('Content-Type', 'application/json')
    request.setRequestHeader('Accept', 'application/json')
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total))
    request.addEventListener('load', () => resolve(new Response(request.responseText, { status: request.status })))
    request.addEventListener('error', () => reject(new Unreachable()))
    request.addEventListener('abort', () => reject(signal.reason as Error))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(JSON.stringify({ name: file.name.slice(-1000), type: file.type.slice(0, 200), data }))
  })
  if (!response.ok) throw await refusalOf(response)
  return (await response.json()) as Attachment
}

function base64(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve((reader.result as string).replace(/^[^,]*,/, '')))
    reader.addEventListener('error', () => reject(new Error('unreadable', { cause: reader.error })))
    reader.readAsDataURL(bytes)
  })
}
