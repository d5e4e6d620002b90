/** Bytes as text, by the charset that is said, in the header or in the page itself; `told` where that one is not known. */
export function decoded(
  bytes: Uint8Array,
  charset: string | null,
  html: boolean,
): { text: string; told: string | null } {
  const label = markOf(bytes) ?? charset ?? (html ? metaOf(bytes) : null) ?? 'utf-8'
  const decoder = decoderOf(label)
  if (decoder !== null) return { text: seen(decoder.decode(bytes)), told: null }
  return {
    text: seen(new TextDecoder('utf-8').decode(bytes)),
    told: `its charset ${JSON.stringify(label)} is not known, so it is read as utf-8`,
  }
}

function decoderOf(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

const metaOf = (bytes: Uint8Array): string | null =>
  /<meta[^<>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(
    Buffer.from(bytes.subarray(0, 2048)).toString('latin1'),
  )?.[1] ?? null

/** Without what nobody can see: control characters, what turns the direction of writing, letters made for smuggling. */
const seen = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\t\n]|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e0fff}]/gu, '')
