import type { Draft } from '../wire/fold.ts'
import type { Recalled } from '../wire/recall.ts'
import { lookedUp } from '../wire/sources.ts'
import { estimateTokens } from './estimate.ts'
import { pieceOf } from './passage-piece.ts'

/** Text from outside, marked so that nothing in it passes for an instruction or for the end of the mark. */
export type Mark = (source: string, text: string) => string
/** `left` of it did not fit, or not whole. */
export type RecalledText = { text: string; left: number }

/** How much of the room memories take where there are passages too. */
const MEMORY_SHARE = 0.5
const PER_LINE = 2

const CITE =
  'Use of it what matters to what is asked now. Cite what you take from a passage by its number, like [1]. Asked about these documents, say so if the passages do not answer it.'
const USE = 'Use of it what matters to what is asked now.'

/**
 * What was looked up, as it is put before the question, in `room` tokens at most: the best first, each as a whole where there is room for it,
 * and of one passage the part that is nearest to what was `asked`. Nothing at all where there is room for none.
 */
export function recalledText(recalled: Recalled, room: number, mark: Mark, asked = ''): RecalledText {
  const all = recalled.memories.length + recalled.passages.length
  if (all === 0) return { text: '', left: 0 }
  const framed = (body: string, passages: boolean) =>
    `${mark('what PKN has looked up', body)}\n${passages ? CITE : USE}\n\n`
  let left = room - estimateTokens(framed('', recalled.passages.length > 0)) - 2 * PER_LINE
  const take = <T>(items: readonly T[], most: number, lineOf: (item: T) => string): string[] => {
    let free = Math.min(left, most)
    return items.flatMap((item) => {
      const line = lineOf(item)
      const cost = estimateTokens(line) + PER_LINE
      if (cost > free) return []
      free -= cost
      left -= cost
      return [line]
    })
  }
  const facts = take(recalled.memories, recalled.passages.length > 0 ? left * MEMORY_SHARE : left, memoryLine)
  const passages: string[] = []
  let whole = 0
  for (const passage of recalled.passages) {
    const text = passageText(passage)
    const cost = estimateTokens(text) + PER_LINE
    if (cost <= left) {
      left -= cost
      passages.push(text)
      whole++
      continue
    }
    const piece = pieceOf(text, left - PER_LINE, asked)
    if (piece !== null) passages.push(piece)
    break
  }
  if (facts.length + passages.length === 0) return { text: '', left: all }
  const body = bodyOf(facts, passages)
  return { text: framed(body, passages.length > 0), left: all - facts.length - whole }
}

/** What was looked up before the first step. */
export const recalledFirst = ({ recalls }: Pick<Draft, 'recalls'>): Recalled =>
  lookedUp(recalls.filter(({ call }) => call === null))

/** All of it, for the answer of a tool. Memories are told with what they are called by. */
export const recalledWhole = ({ memories, passages }: Recalled): string =>
  bodyOf(
    memories.map((memory) => `- (${shortId(memory.memory)}) ${oneLine(memory.text)}`),
    passages.map(passageText),
  )

/** Enough of an id to tell memories apart. */
export const shortId = (id: string): string => id.slice(0, 12)

function bodyOf(facts: readonly string[], passages: readonly string[]): string {
  return [
    ...(facts.length > 0 ? [['Remembered:', ...facts].join('\n')] : []),
    ...(passages.length > 0 ? ['Passages of documents:', ...passages] : []),
  ].join('\n\n')
}

const memoryLine = ({ text }: Recalled['memories'][number]): string => `- ${oneLine(text)}`

/** A number in brackets at the beginning of a line is only ever PKN's. */
function passageText({ n, path, from, to, page, text }: Recalled['passages'][number]): string {
  const where = `${oneLine(path).slice(-200) || 'document'}:${from}-${to}${page === undefined ? '' : ` (page ${page})`}`
  return `[${n}] ${where}\n${text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/^(?=\s*\[\d+\])/gm, '  | ')
    .trimEnd()}`
}

const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
