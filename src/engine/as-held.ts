import type { Token } from 'node-llama-cpp'
import type { Vocabulary } from './token-text.ts'

/** Spans that say the same are looked for within so many tokens. */
const FARTHEST = 12

/**
 * The same prompt in the tokens that are in the cache already, as far as those say the same. What a model wrote is not always what the
 * tokenizer makes of it (`Mar`, `a` for `M`, `ara`): without this, its own answer would be read again on the next turn. Steering tokens never
 * take part: plain text that only reads like one stays plain.
 */
export function asHeld(held: readonly Token[], wanted: readonly Token[], vocabulary: Vocabulary): Token[] {
  const out: Token[] = []
  let at = 0
  for (let i = 0; i < held.length && at < wanted.length;) {
    const [here, there] = [held[i]!, wanted[at]!]
    if (here === there) {
      out.push(here)
      i += 1
      at += 1
      continue
    }
    const span = sameText(held.slice(i, i + FARTHEST), wanted.slice(at, at + FARTHEST), out.slice(-4), vocabulary)
    if (span === null) break
    out.push(...held.slice(i, i + span.held))
    i += span.held
    at += span.wanted
  }
  return [...out, ...wanted.slice(at)]
}

/** The shortest beginnings of both that say the same. */
function sameText(held: Token[], wanted: Token[], before: Token[], { text, control }: Vocabulary) {
  let [n, m] = [1, 1]
  while (n <= held.length && m <= wanted.length) {
    if (control(held[n - 1]!) || control(wanted[m - 1]!)) return null
    const [one, other] = [text(held.slice(0, n), before), text(wanted.slice(0, m), before)]
    // Half a character reads like any other half.
    const whole = !one.includes('\uFFFD') && !other.includes('\uFFFD')
    if (whole && one === other) return { held: n, wanted: m }
    if (whole && !one.startsWith(other) && !other.startsWith(one)) return null
    if (one.length < other.length) n += 1
    else if (one.length > other.length) m += 1
    else {
      n += 1
      m += 1
    }
  }
  return null
}
