import { conceptNames, conceptsOf } from './route-lexicon.ts'
import { fold, type Token } from './route-words.ts'

const set = (words: string) => new Set(fold(words).split(' '))
/** Words that go on with something when they come first. */
const OPENERS = set(
  'and but or also again so und aber oder auch nochmal dann y pero o tambien ademas entonces et mais ou aussi alors puis e ma anche allora en maar ook more less shorter longer simpler continue weiter kurzer langer einfacher mas menos plus moins continua sigue',
)
/** Words that do so if hardly anything follows them. */
const ALONE = set(
  'why how what when where who really sure now yes no ok okay jetzt warum wieso wie was ja nein por que ahora si como pourquoi comment quoi maintenant oui non perche perquoi nee',
)
const ABOUT = new Set([
  'what about',
  'how about',
  'was ist',
  'wie ist',
  'et pour',
  'y para',
  'y si',
  'and if',
  'what if',
])
const POINTING = set(
  'it that this these those them same other others another else both instead above previous es dasselbe dieselbe andere anderen anderer eso esto esa ese mismo otra otro cela ca autre meme too either better step part example examples detail details schritt beispiel paso ejemplo etape exemple',
)
/** Words that say nothing of what it is about. */
const EMPTY = set(
  'please bitte can could you do make it that this explain try again show give tell me a an the is are was be i in of to on for with one bit little too not wrong right correct better good go ahead change fix kannst du das den die der ist noch ein eine mir erklar erklare mach puedes lo la el un una explica por favor hazlo haz peux tu le les un une explique fais-le sil te plait stp merci puoi',
)
const GREETING = conceptNames.indexOf('greet')

/**
 * How much a message leans on the one before, as a bonus to its agent: next to nothing for one that stands for itself, about 4 for "and in
 * Python?". `known` is the share of its words that say something by themselves. Thanks and greetings lean on nothing.
 */
export function leaning(words: readonly Token[], known: number): number {
  const plain = words.filter(({ word }) => !word.startsWith('#')).map(({ word }) => word)
  const first = plain[0]
  if (first === undefined) return 2
  if (conceptsOf(first).includes(GREETING)) return 0
  const brief = plain.length <= 3 ? 1 : plain.length <= 6 ? 0.7 : plain.length <= 10 ? 0.4 : 0.1
  const opens = OPENERS.has(first) || ABOUT.has(`${first} ${plain[1] ?? ''}`)
  const alone = plain.length <= 2 && ALONE.has(first)
  const points = plain.some((word) => POINTING.has(word))
  const empty = plain.every((word) => EMPTY.has(word) || POINTING.has(word) || OPENERS.has(word) || ALONE.has(word))
  return brief * (0.8 + (opens || alone ? 3.2 : 0) + (points ? 1.4 : 0) + (1 - known)) + (empty ? 4 : 0)
}
