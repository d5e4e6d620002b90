const LONGEST = 60
/** How much of a line is read. */
const READ = 1000

/**
 * A session's title from its first message: the first line that says something, without Markdown, cut at a word near 60 characters.
 * Never empty if the text is not.
 */
export function titleOf(text: string): string {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .map((l) => l.slice(0, READ))
  const line = lines
    .filter((l) => !/^\s*(```|~~~)/.test(l))
    .find((l) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(plain(l)))
  return cut(line === undefined ? plain(text.slice(0, 200)) || text.trim().slice(0, LONGEST) : plain(line))
}

function plain(line: string): string {
  return (
    line
      .replace(/^[\s>]*(#{1,6}\s+|[-*+]\s+(\[[ xX]\]\s+)?|\d{1,3}[.)]\s+)?/, '')
      .replaceAll(/!?\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
      .replaceAll(/`+([^`]*)`+/g, '$1')
      .replaceAll(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
      .replaceAll(/(?<![\w*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*])/g, '$2')
      // Controls, and marks that could turn the reading direction of what stands beside the title.
      .replaceAll(/[\s\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
      .trim()
  )
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const words = new Intl.Segmenter(undefined, { granularity: 'word' })

function cut(line: string): string {
  const all = Array.from(characters.segment(line.slice(0, 1000)), (s) => s.segment)
  if (all.length <= LONGEST) return all.join('')
  const head = all.slice(0, LONGEST).join('')
  // Segmented with what follows, so that a word which merely begins in the head isn't taken for a whole one.
  let end = 0
  for (const { index, segment } of words.segment(all.slice(0, LONGEST + 40).join(''))) {
    if (index + segment.length > head.length) break
    end = index + segment.length
  }
  // A word that fills half the title (an address, base64) is cut inside.
  const kept = end > head.length / 2 ? head.slice(0, end) : head
  return `${kept.replace(/[\s,.;:!?，。、；：！？(（[{<-]+$/u, '')}…`
}
