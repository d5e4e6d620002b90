import type { Hit } from '../../wire/search.ts'

/** Pure. What reads the same where it was found, in one chat and by the same one, stands once: mostly they are versions of one message. The first of them. */
export function hitsOnce(hits: readonly Hit[]): Hit[] {
  const seen = new Set<string>()
  return hits.filter(({ session, role, message, parts }) => {
    if (message === null) return true
    const key = JSON.stringify([session, role, parts.map(({ text }) => text).join('')])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
