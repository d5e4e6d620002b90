/** Whether a block of code is open where a text ends. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function inFence(text: string): boolean {
  let open: string | null = null
  for (const [, fence = '', info = '', end = ''] of text.matchAll(/^ {0,3}(`{3,}|~{3,})([^\n]*)(\n?)/gm)) {
    // The line that opens a block may still become longer, the one that ends it may not.
    if (open === null) open = end === '' || (fence[0] === '`' && info.includes('`')) ? null : fence
    else if (fence[0] === open[0] && fence.length >= open.length && info.trim() === '') open = null
  }
  return open !== null
}

/** A continuation in a block of code that begins with the fence of a block with a language, which can't be the end of the one that is open. */
export function opensAnew(text: string): { rest: string } | null {
  const fence = /^\s*(?:`{3,}[^\S\n]*[^\s`][^\n`]*|~{3,}[^\S\n]*[^\s~][^\n]*)\n/.exec(text)
  return fence === null ? null : { rest: text.slice(fence[0].length) }
}

const COMMON =
  /(?<![\p{L}\p{N}])(?:the|and|for|but|you|not|are|was|his|her|all|can|our|one|out|has|had|who|der|die|das|les|los|las)$/iu

/** Whether what stands ends with a word that is whole, as it is so common, where the new words begin with a longer one that begins alike. */
export function newWord(stands: string, fresh: string): boolean {
  const word = COMMON.exec(stands)?.[0]
  return word !== undefined && fresh.startsWith(word) && /^\p{L}/u.test(fresh.slice(word.length))
}

/**
 * New words as they follow what stands. A model's answer seldom begins with white space, also where what it continues needs some: a fence gets
 * a line of its own, and the next sentence its space. One space is enough where both sides have it.
 */
export function joined(stands: string, fresh: string, code: boolean): string {
  if (stands === '' || fresh === '') return fresh
  const midLine = /[^\n]$/.test(stands)
  if (midLine && /^(?:```|~~~)/.test(fresh)) return `\n${fresh}`
  if (code) return fresh
  if (/\S[^\S\n]+$/.test(stands)) return fresh.replace(/^[^\S\n]+(?=\S)/, '')
  const next = /[\p{L}\p{N}][.!?…]["'”’)\]*_]*$/u.test(stands) && /^["'“‘(*_]*\p{Lu}/u.test(fresh)
  const clause = /\p{L}[,;:]$/u.test(stands) && /^\p{L}/u.test(fresh)
  return next || clause || newWord(stands, fresh) ? ` ${fresh}` : fresh
}
