import { createHash } from 'node:crypto'

/** What a frame may load beside its own script; it has no network otherwise. */
const FRAMES: Record<string, string> = {
  '/frames/diagram.html': '',
  '/frames/picture.html': 'img-src http: https:; ',
}

/**
 * The policy of a document in which others' content is drawn: it belongs to no origin (so it sees neither the page nor its storage), runs the
 * scripts that were built into it and no other, sends nothing, and only the page may frame it. Null for every other file.
 */
export function framePolicy(path: string, content: Buffer): string | null {
  const loads = FRAMES[path]
  if (loads === undefined) return null
  const scripts = [...content.toString('utf8').matchAll(/<script>([^]*?)<\/script>/g)]
  const hashes = scripts.map(([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
  return `default-src 'none'; script-src ${hashes.join(' ')}; style-src 'unsafe-inline'; ${loads}base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`
}
