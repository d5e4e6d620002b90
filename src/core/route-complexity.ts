import type { RouteDecision } from '../wire/event.ts'
import type { Token } from './route-words.ts'

const JOINING = new Set(
  'and then also after before finally while compare explain because und dann danach anschliessend ausserdem vergleiche y luego despues ademas et puis ensuite apres e poi'.split(
    ' ',
  ),
)
const DEMANDING = new Set(
  'architecture design strategy prove proof plan roadmap analyse analyze comprehensive detailed complete entire multi-step step steps refactor migrate optimise optimize trade-offs schritt schritte ausfuhrlich strategie beweise paso pasos estrategia demuestra etape etapes demontre'.split(
    ' ',
  ),
)

/** How much of a text is read for its requests: what stands further behind is material. */
const SEEN = 4000

/** How much there is to do, by the length, the number of requests and the words that announce several steps. */
export function complexityOf(text: string, words: readonly Token[]): RouteDecision['complexity'] {
  const seen = text.slice(0, SEEN)
  const requests = Math.max(1, (seen.match(/[?!.;](?=\s|$)|\n[ \t]*(?:[-*]|\d+[.)])\s/g) ?? []).length)
  const joined = words.filter(({ word }) => JOINING.has(word)).length
  const demanding = words.filter(({ word }) => DEMANDING.has(word)).length
  const code = words.some(({ word }) => word === '#code')
  const points =
    Math.min(4, Math.floor(words.length / 14)) +
    Math.min(3, requests - 1) +
    Math.min(3, joined * 0.7) +
    Math.min(3, demanding * 1.2) +
    (code ? 1 : 0) +
    (text.length > 1500 ? 2 : 0)
  return points >= 4 ? 'complex' : points >= 1.5 ? 'medium' : 'simple'
}
