import { readVote, tally } from '../../src/core/vote.ts'
import type { Item } from './questions.ts'

/** One answer to an item: what was chosen (a place among its options as they were shown), and what it took. */
export type Given = { choice: number | null; tokens: number; ms: number }
/** An item as it was asked: `right` is the place of the right option. */
export type Put = { item: Item; options: readonly string[]; right: number }
/** All answers to it: of one that is asked alone, of several agents, and of the same one several times. */
export type Answered = Put & { alone: Given; agents: readonly Given[]; same: readonly Given[] }
export type Interval = { share: number; low: number; high: number }
export type Verdict = { right: boolean; tie: boolean; silent: boolean; agreement: number; tokens: number; ms: number }

/** Of a seed, numbers from 0 to below 1. Mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Questions and options in another order; the same seed gives the same. */
export function put(items: readonly Item[], seed: number): Put[] {
  const next = random(seed)
  const shuffled = <T>(list: readonly T[]): T[] =>
    list
      .map((one) => ({ one, at: next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ one }) => one)
  return shuffled(items).map((item) => {
    const options = shuffled(item.options)
    return { item, options, right: options.indexOf(item.options[0]) }
  })
}

export const readGiven = (text: string, options: readonly string[], took: { tokens: number; ms: number }): Given => ({
  choice: readVote(text, options).choice,
  ...took,
})

/** What a vote of these comes to. Who chose nothing does not count; of a tie the first option is named, as PKN does. */
export function verdict(votes: readonly Given[], { options, right }: Put): Verdict {
  const { choice, tied, agreement } = tally(votes, options)
  return {
    right: choice === right,
    tie: tied.length > 0,
    silent: choice === null,
    agreement,
    tokens: votes.reduce((sum, { tokens }) => sum + tokens, 0),
    // One after the other; side by side it takes less, where the machine can.
    ms: votes.reduce((sum, { ms }) => sum + ms, 0),
  }
}

/** Wilson's interval for a share, at 95 %. */
export function wilson(hits: number, of: number): Interval {
  if (of === 0) return { share: 0, low: 0, high: 1 }
  const z = 1.959964
  const share = hits / of
  const middle = share + (z * z) / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return { share, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

/**
 * How likely it is to see the two differ at least so much on the same questions if neither is better (McNemar, exact, two-sided): `gained` are
 * those that only the second has right, `lost` those that only the first has.
 */
export function mcnemar(gained: number, lost: number): number {
  const n = gained + lost
  if (n === 0) return 1
  let sum = 0
  for (let k = 0, c = 1; k <= Math.min(gained, lost); k++) {
    sum += c
    c = (c * (n - k)) / (k + 1)
  }
  return Math.min(1, (2 * sum) / 2 ** n)
}

export type Row = {
  name: string
  accuracy: Interval
  ties: number
  silent: number
  tokens: number
  seconds: number
  /** Against the one that is asked alone. */
  paired: { gained: number; lost: number; p: number } | null
}

export function rowsOf(answered: readonly Answered[]): Row[] {
  const alone = answered.map((one) => verdict([one.alone], one))
  const row = (name: string, votes: readonly Verdict[]): Row => {
    const count = (is: (v: Verdict, i: number) => boolean) => votes.filter(is).length
    const gained = count(({ right }, i) => right && !alone[i]!.right)
    const lost = count(({ right }, i) => !right && alone[i]!.right)
    return {
      name,
      accuracy: wilson(
        count(({ right }) => right),
        votes.length,
      ),
      ties: count(({ tie }) => tie),
      silent: count(({ silent }) => silent),
      tokens: votes.reduce((sum, { tokens }) => sum + tokens, 0) / votes.length,
      seconds: votes.reduce((sum, { ms }) => sum + ms, 0) / votes.length / 1000,
      paired: votes === alone ? null : { gained, lost, p: mcnemar(gained, lost) },
    }
  }
  const of = (which: 'agents' | 'same', size: number) => answered.map((one) => verdict(one[which].slice(0, size), one))
  return [
    row('one, alone', alone),
    row('3 agents', of('agents', 3)),
    row('5 agents', of('agents', 5)),
    row('3 times the same', of('same', 3)),
    row('5 times the same', of('same', 5)),
  ]
}

/** How often a vote of five is right, by the share that agrees. */
export function byAgreement(
  answered: readonly Answered[],
  which: 'agents' | 'same',
): { agreement: string; accuracy: Interval; of: number }[] {
  const votes = answered.map((one) => verdict(one[which], one)).filter(({ silent }) => !silent)
  const bands = [
    ['all', (a: number) => a === 1],
    ['most (over 60 %)', (a: number) => a > 0.6 && a < 1],
    ['60 % or fewer', (a: number) => a <= 0.6],
  ] as const
  return bands.map(([agreement, is]) => {
    const within = votes.filter((vote) => is(vote.agreement))
    return { agreement, accuracy: wilson(within.filter(({ right }) => right).length, within.length), of: within.length }
  })
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
const interval = ({ share, low, high }: Interval): string => `${percent(share)} (${percent(low)} to ${percent(high)})`

/** Tables in Markdown. */
export function report(answered: readonly Answered[]): string {
  const table = (head: string[], rows: string[][]) =>
    [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const rows = rowsOf(answered).map(({ name, accuracy, ties, silent, tokens, seconds, paired }) => [
    name,
    interval(accuracy),
    paired === null ? '' : `+${paired.gained} −${paired.lost}, p = ${paired.p.toFixed(2)}`,
    String(ties),
    String(silent),
    tokens.toFixed(0),
    seconds.toFixed(1),
  ])
  const kinds = [...new Set(answered.map(({ item }) => item.kind))].map((kind) => {
    const [alone, , five, , same] = rowsOf(answered.filter(({ item }) => item.kind === kind))
    return [kind, ...[alone, five, same].map((row) => percent(row!.accuracy.share))]
  })
  const agreed = (['agents', 'same'] as const).flatMap((which) =>
    byAgreement(answered, which).map(({ agreement, accuracy, of }) => [
      which === 'agents' ? '5 agents' : '5 times the same',
      agreement,
      String(of),
      of === 0 ? '' : interval(accuracy),
    ]),
  )
  const guessing = answered.reduce((sum, { options }) => sum + 1 / options.length, 0) / answered.length
  return [
    `${answered.length} questions; who guesses has ${percent(guessing)}.`,
    table(['who', 'right (95 %)', 'against one alone', 'ties', 'no choice', 'tokens', 'seconds'], rows),
    table(['kind', 'alone', '5 agents', '5 times the same'], kinds),
    table(['vote', 'how many agree', 'votes', 'right'], agreed),
  ].join('\n\n')
}
