import type { ArchivedAnswer, ArchivedTurn, SessionArchive } from '../wire/archive.ts'
import { newMessageId } from '../wire/id.ts'
import { LeftOut } from './skipped.ts'
import { LONGEST, type Node, type Tree } from './tree.ts'
import { unanswered } from './unanswered.ts'

const MOST_REPEATED = 20_000
/** And so much in all of its branches. */
const REPEATED_IN_ALL = 5_000_000

type Place = { turn: ArchivedTurn | null; answer: ArchivedAnswer | null }

/**
 * Single messages become turns and their answers. Nothing is assumed of the tree: what is in a ring is left out, what follows a message that
 * is missing begins a branch of its own, and a question without an answer has one that was interrupted. Null if nothing is left.
 */
export function grow(tree: Tree, left: LeftOut, now: string): SessionArchive | null {
  const byId = new Map(tree.nodes.map((node) => [node.id, node]))
  const children = new Map<string | null, Node[]>()
  for (const node of byId.values()) {
    const parent = node.parent !== null && byId.has(node.parent) ? node.parent : null
    if (node.parent !== null && parent === null) left.add('a message follows one that is not in the file')
    const among = children.get(parent)
    if (among) among.push(node)
    else children.set(parent, [node])
  }
  left.add('a message has the id of another', tree.nodes.length - byId.size)

  const began = tree.created ?? tree.updated ?? now
  const turns: ArchivedTurn[] = []
  const places = new Map<string, Place>()
  const ahead: { node: Node; place: Place }[] = []
  const visit = (parent: string | null, place: Place) => {
    for (const node of (children.get(parent) ?? []).toReversed()) ahead.push({ node, place })
  }
  visit(null, { turn: null, answer: null })
  let seen = 0
  let repeated = 0
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    seen++
    const { node, place } = next
    const alone = node.parent === null || (children.get(node.parent)?.length ?? 0) < 2
    const here = put(node, place, alone)
    places.set(node.id, here)
    visit(node.id, here)
  }
  left.add('a message follows itself', byId.size - seen)
  if (turns.length === 0) return null

  for (const turn of turns) if (turn.answers.length === 0) turn.answers.push(unanswered(turn.created))
  const shown = tree.current === null ? undefined : places.get(tree.current)
  const tip = shown?.answer ?? shown?.turn?.answers.at(-1) ?? turns.at(-1)?.answers.at(-1)
  return {
    pkn: 'session',
    version: 1,
    session: {
      title: tree.title
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, 200),
      named: tree.title.trim() !== '',
      created: began,
      updated: tree.updated ?? turns.at(-1)?.created ?? began,
      tip: tip?.id ?? null,
      pinned: tree.pinned,
      folder: null,
      archived: tree.archived,
    },
    turns,
  }

  function put(node: Node, place: Place, alone: boolean): Place {
    if (node.role === 'other') return place
    const text = cut(node.text, left)
    const created = node.created ?? place.answer?.created ?? place.turn?.created ?? began
    if (node.role === 'user') return { turn: asked(text, created, place), answer: null }
    const turn = place.turn ?? asked('(The file begins with an answer.)', created, place)
    // One answer that was stored in pieces, such as around the call of a tool.
    if (place.answer !== null && alone) {
      extend(place.answer, text, node)
      return place
    }
    const answer: ArchivedAnswer = {
      ...unanswered(created),
      reason: 'done',
      model: node.model,
      thought: '',
    }
    // A long one is not repeated in each of its branches: a file of branches alone would fill the memory.
    const length = (place.answer?.text.length ?? 0) + (place.answer?.thought?.length ?? 0)
    if (place.answer !== null && length < MOST_REPEATED && repeated < REPEATED_IN_ALL) {
      repeated += length
      extend(answer, place.answer.text, { thought: place.answer.thought ?? '', model: null })
    }
    extend(answer, text, node)
    turn.answers.push(answer)
    return { turn, answer }
  }

  function asked(text: string, created: string, { turn: before, answer }: Place): ArchivedTurn {
    if (before !== null && answer === null && before.answers.length === 0)
      before.answers.push(unanswered(before.created))
    const after = answer?.id ?? before?.answers[0]?.id ?? null
    const turn: ArchivedTurn = { id: newMessageId(), after, text, created, answers: [] }
    turns.push(turn)
    return turn
  }
}

function extend(
  answer: ArchivedAnswer,
  text: string,
  { thought, model }: { thought: string; model: string | null },
): void {
  answer.text = join(answer.text, text)
  answer.thought = join(answer.thought ?? '', thought)
  answer.model = model ?? answer.model
}

const join = (a: string, b: string): string => (a === '' || b === '' ? a + b : `${a}\n\n${b}`)

function cut(text: string, left: LeftOut): string {
  if (text.length <= LONGEST) return text
  left.add(`a message is longer than ${LONGEST.toLocaleString('en-US')} characters and was cut`)
  return text.slice(0, LONGEST)
}
