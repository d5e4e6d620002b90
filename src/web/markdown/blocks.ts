import { newLexer, openMaths } from './grammar.ts'
import { hardPart } from './hard.ts'

/** A piece of Markdown that stands by itself and will not change any more. */
export type Block = { id: number; raw: string }
/**
 * Text in any pieces, split into blocks that are finished and one that is open. Nothing is lost: the blocks' texts and the open one, put
 * together, are the text that was fed, with its line ends made \n.
 */
export type Blocks = {
  done: readonly Block[]
  open: string
  /** How much of the text was fed. */
  fed: number
  /** The open block is a fence that has not closed yet; it is searched for its end and not lexed. */
  fence: Fence | null
  /** How long the open block was when it was looked at last. */
  looked: number
}
export type Fence = { mark: string; info: string; body: number; searched: number }

export const NO_BLOCKS: Blocks = { done: [], open: '', fed: 0, fence: null, looked: 0 }

const LONG = 16_384

/** `text` is all that there is so far; it only ever grows. */
export function feed(blocks: Blocks, text: string): Blocks {
  if (text.length <= blocks.fed) return blocks
  // A \r at the very end may be the half of a line end: it is taken with what follows.
  const upTo = text.endsWith('\r') ? text.length - 1 : text.length
  const piece = text.slice(blocks.fed, upTo).replaceAll(/\r\n?/g, '\n')
  let { done, fence } = blocks
  let open = blocks.open + piece
  // A block that is long already (an endless list, a line without end) is looked at again only when it has grown by an eighth.
  if (fence === null && open.length > LONG && open.length < blocks.looked * 1.125) return { ...blocks, open, fed: upTo }
  for (;;) {
    if (fence === null) {
      const split = splitDone(open)
      if (split.done.length > 0) done = [...done, ...split.done.map((raw, i) => ({ id: done.length + i, raw }))]
      open = split.open
      fence = fenceOf(open)
      if (fence === null) break
    }
    const end = fenceEnd(open, fence)
    if (end === null) {
      fence = { ...fence, searched: open.lastIndexOf('\n') + 1 }
      break
    }
    done = [...done, { id: done.length, raw: open.slice(0, end) }]
    open = open.slice(end)
    fence = null
  }
  return { done, open, fed: upTo, fence, looked: open.length }
}

/** The text has ended: the open block is finished too. */
export function finish(blocks: Blocks): readonly Block[] {
  return blocks.open === '' ? blocks.done : [...blocks.done, { id: blocks.done.length, raw: blocks.open }]
}

/** Only whole lines decide ("#" may yet become "#tag"), and only the last block can still change. */
function splitDone(open: string): { done: string[]; open: string } {
  const hard = hardPart(open)
  if (hard !== null) {
    const before = split(open.slice(0, hard.from), true).done
    if (hard.to === open.length) return { done: before, open: open.slice(hard.from) }
    const after = splitDone(open.slice(hard.to))
    return { done: [...before, open.slice(hard.from, hard.to), ...after.done], open: after.open }
  }
  return split(open, false)
}

function split(open: string, ended: boolean): { done: string[]; open: string } {
  const lines = ended ? open.length : open.lastIndexOf('\n') + 1
  if (lines === 0) return { done: [], open }
  const whole = open.slice(0, lines)
  const raws = newLexer()
    .blockTokens(whole, [])
    .map((token) => ({ raw: token.raw, space: token.type === 'space' }))
  let last = ended ? raws.length : raws.length - 1
  while (last >= 0 && raws[last]?.space === true) last--
  const done: string[] = []
  let at = 0
  for (const { raw, space } of raws.slice(0, Math.max(0, last))) {
    if (!whole.startsWith(raw, at) || (!ended && openMaths(whole.slice(at)))) break
    at += raw.length
    if (space && done.length > 0) done[done.length - 1] += raw
    else done.push(raw)
  }
  if (ended && at < whole.length) done.push(whole.slice(at))
  return { done, open: ended ? '' : open.slice(at) }
}

const FENCE = /^(?:[ \t]*\n)* {0,3}(`{3,}|~{3,})([^\n]*)\n/

function fenceOf(open: string): Fence | null {
  const [head, mark, info] = FENCE.exec(open) ?? []
  if (head === undefined || mark === undefined || info === undefined) return null
  if (mark.startsWith('`') && info.includes('`')) return null
  return { mark, info: info.trim(), body: head.length, searched: head.length }
}

/** Where the block ends, after the line that closes it. */
function fenceEnd(open: string, { mark, searched }: Fence): number | null {
  const closing = new RegExp(`^ {0,3}${mark[0]}{${mark.length},}[ \\t]*\\n`, 'gm')
  closing.lastIndex = searched
  return closing.exec(open) === null ? null : closing.lastIndex
}
