/** Lower case, compatibility forms and diacritics folded: "Größe" and "grosse", "Écris" and "ecris" are the same word. */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[’‘]/g, "'")

/** A word of the text, or a shape such as a path, a number or a block of code. */
export type Token = {
  /** Folded; shapes begin with #. */
  word: string
  /** As the user wrote it, for display. */
  shown: string
  /** How much it says of what is asked: words inside quotation marks and pasted text say less. */
  weight: number
  /** 0 for the first word of a sentence. */
  place: number
}

const FILE =
  /(?:[\w-]+|\*)?(?:\.[\w-]+)*\.(?:tsx?|jsx?|mjs|py|rb|rs|go|java|kt|c|h|cpp|cs|php|sh|sql|html?|css|json|ya?ml|toml|ini|cfg|conf|xml|csv|tsv|xlsx?|docx?|pptx?|pdf|md|txt|log|tmp|bak|zip|tar|gz|tgz|png|jpe?g|gif|svg|webp|mp[34]|mov|avi|mkv|wav|exe|deb|iso|db|sqlite|env|lock|gitignore|bashrc|zshrc|ssh|pem|key|pub|ipynb)\b(?!\()/iy
const SHAPES: readonly (readonly [shape: string, pattern: RegExp])[] = [
  ['#code', /```[\s\S]*?(?:```|$)|`[^`\n]+`/y],
  ['#link', /\b(?:https?:\/\/|www\.|git@)[^\s<>"')]+/iy],
  ['#email', /[\w.+-]+@[\w-]+\.[a-z]{2,}/iy],
  ['#term', /(?:c\+\+|c#|f#|\.net|node\.js|next\.js|vue\.js)(?![\w])/iy],
  [
    '#path',
    /(?:~|\.{1,2})?\/[\w.@+*-]+(?:\/[\w.@+*-]*)*|~\/|[A-Z]:\\[\w\\. -]+|[\w-]+(?:\/[\w.*-]+)+\.\w{1,5}|[\w-]+(?:\/[\w.*-]+){2,}|[\w-]{2,}\/(?=\s|$)/y,
  ],
  ['#file', FILE],
  ['#flag', /--?[a-z][\w-]*(?==|\s|$)/y],
  ['#fault', /\b[A-Z]\w*(?:Error|Exception|Warning)\b|\bE[A-Z]{4,}\b|\bE?\d{4}\b(?=\])/y],
  ['#call', /[A-Za-z_$][\w$.]*\(\)?/y],
  ['#name', /[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z]?[a-z0-9]+_[a-z0-9_]+|(?:[A-Z][a-z0-9]+){2,}(?=\b)/y],
  ['#number', /[$€£]?\d+(?:[.,:]\d+)*(?:%|€|\$|£|st|nd|rd|th)?(?![\p{L}\d])/uy],
  ['#formula', /(?:\d*[a-zA-Z]|\d+)\s?\^\s?-?\w+|\b[a-z]\([a-z]\)|\d+[a-z]\b(?=\s*[-+=*/<>])|[√∫∑∞≤≥π]/y],
  ['#operator', /[=+*<>^×÷·²³]|(?<=[\d\s)])\/(?=[\d\s(])|(?<=[\w)]\s)[-–](?=\s[\d(a-z])|->|=>/y],
  ['#brackets', /[{}[\];|\\&]+/y],
]
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/uy
const PLAIN = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*(?=[\s?!,;:)"”»“]|\.(?:\s|$)|$)/uy
const CAPITALS = /\p{Ll}\p{Lu}|^E[A-Z]{4,}$/u
const OPENERS: Record<string, string> = { '"': '"', '“': '”', '„': '“', '«': '»', '‚': '‘', '「': '」' }

/** How much of a long text is looked at, from its beginning and from its end, where the request stands as a rule. */
const HEAD = 1200
const TAIL = 400

/** Splits a text; never more than some hundred tokens, however long it is. */
export function tokens(text: string): Token[] {
  const seen = text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`
  const found: Token[] = []
  const quoted = quotedRanges(seen)
  let place = 0
  let pasted = false
  for (let at = 0; at < seen.length;) {
    const plain = plainAt(seen, at)
    const shape = plain === undefined ? shapeAt(seen, at) : undefined
    const match = plain ?? shape?.text ?? wordAt(seen, at)
    if (match === undefined) {
      const char = seen[at] ?? ''
      if (char === '?' || char === '¿') found.push({ word: '#question', shown: '?', weight: 1, place: place + 1 })
      if (/[.!?\n]/.test(char)) place = 0
      // What follows a colon is what the request is about, not the request.
      if (char === ':' && found.length > 0 && found.length <= 16 && /^:\s/.test(seen.slice(at, at + 2))) pasted = true
      if (char === '\n' && seen[at + 1] === '\n') pasted = found.length > 4 && !pasted
      at += char.length || 1
      continue
    }
    const inQuotes = quoted.some(([from, to]) => at > from && at < to)
    const weight = inQuotes ? 0.3 : pasted ? 0.4 : found.length > 60 ? 0.5 : 1
    if (shape) {
      found.push({ word: shape.name, shown: shape.shown, weight, place })
      if (shape.name === '#term' || shape.name === '#name')
        found.push({ word: fold(match), shown: match, weight, place })
      if (shape.name === '#file' || shape.name === '#number' || shape.name === '#link')
        found.push({ word: detail(shape.name, match), shown: match, weight: weight * 0.7, place })
    } else found.push({ word: fold(match), shown: match, weight, place })
    if (shape?.name !== '#brackets' && shape?.name !== '#operator') place++
    at += match.length
  }
  return found
}

function shapeAt(text: string, at: number): { name: string; text: string; shown: string } | undefined {
  // Most shapes can only begin where a word does.
  const before = text[at - 1]
  const inside = before !== undefined && /[\p{L}\p{N}_]/u.test(before)
  for (const [name, pattern] of SHAPES) {
    if (inside && name !== '#operator' && name !== '#formula' && name !== '#brackets') continue
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) return { name, text: match[0], shown: SHOWN[name] ?? match[0] }
  }
  return undefined
}

const SHOWN: Record<string, string> = { '#code': 'a piece of code', '#link': 'a link', '#brackets': 'brackets' }

/** A word that can be no shape: most words, and much quicker to see. */
function plainAt(text: string, at: number): string | undefined {
  PLAIN.lastIndex = at
  const word = PLAIN.exec(text)?.[0]
  return word === undefined || CAPITALS.test(word) ? undefined : word
}

function wordAt(text: string, at: number): string | undefined {
  WORD.lastIndex = at
  return WORD.exec(text)?.[0]
}

/** The kind of a file or a number tells more than that there is one. */
function detail(shape: string, text: string): string {
  if (shape === '#file') return `#.${fold(text.slice(text.lastIndexOf('.') + 1))}`
  if (shape === '#link') return /arxiv|wikipedia|doi\.org|pubmed|news/i.test(text) ? '#link-to-read' : '#link-other'
  if (/[%]/.test(text)) return '#percent'
  if (/[€$£]/.test(text)) return '#money'
  return /^(?:19|20)\d\d$/.test(text) ? '#year' : text.length <= 2 ? '#small' : '#large'
}

/** Where quoted text stands. An apostrophe opens a quotation only after a space and if it is closed before one. */
function quotedRanges(text: string): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = []
  for (let at = 0; at < text.length; at++) {
    const open = text[at] ?? ''
    let end = -1
    const closer = OPENERS[open]
    if (closer !== undefined) end = text.indexOf(closer, at + 1)
    else if ((open === "'" || open === '‘') && (at === 0 || /[\s(:]/.test(text[at - 1] ?? '')))
      end = /['’](?=[\s.,;:!?)]|$)/.exec(text.slice(at + 1))?.index ?? -1
    if (closer === undefined && end >= 0) end += at + 1
    if (end > at + 1) {
      ranges.push([at, end])
      at = end
    }
  }
  return ranges
}
