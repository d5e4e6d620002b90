import type { Token } from './route-words.ts'

const MINE = "(?:my|our|me|us|i|i'm|i'll|i've|we|we're|that|this|these|the following|all of this)"
const MEIN = '(?:mein\\w*|unser\\w*|mich|mir|uns|ich|wir|dass|das|alles|was)'
/** At the beginning of what is asked, where courtesies stand before it or another wish. */
const ASKED =
  "^(?:.* (?:and|but|so|und|aber|also) )?(?:(?:please|bitte|now|ok|okay|and|also|hey|can|could|would|will|kannst|konntest|from now on|in future|always|just|ab jetzt|i want|i'd like|to|du|you|mal|jetzt|auch) )*"

const KEEP = new RegExp(
  `${ASKED}(?:${[
    `remember (?:(?:please|always|for (?:later|the future|next time)) )?(?:${MINE}|for|always|everything|(?:what|where|which|who) (?:i|we|you|my|our|the))`,
    'remember$',
    `memori[sz]e (?:that|my|our)`,
    '(?:keep|bear) (?:\\S+ ){0,3}in mind',
    `(?:don't|do not|never|not) forget (?:${MINE}|about (?:my|our))`,
    '(?:make|take) a (?:mental )?note',
    'note (?:down )?that',
    '(?:save|store|keep|put|add) (?:\\S+ ){1,4}(?:to|in|into) (?:your |the )?memory',
    'forget (?:what i|everything (?:about|that|i)|all (?:about|that)|that (?:i|my|we|our)|about my|my|our|i|the memory)',
    'merke? (?:euch|dir)',
    'dir (?:\\S+ ){0,6}merken',
    `vergiss (?:(?:bitte|nicht|nie|mal|wieder) )*${MEIN}`,
    `(?:mein\\w*|unser\\w*) (?:\\S+ ){1,4}vergessen$`,
    'notiere? (?:dir|euch)',
    '(?:denke?|erinner\\w* dich) (?:(?:bitte|immer|kunftig|in zukunft) )*daran dass',
    'behalte? (?:\\S+ ){0,3}(?:im kopf|im gedachtnis|im hinterkopf)',
    'speicher\\w* (?:dir )?(?:bitte )?dass',
  ].join('|')})(?: |$)`,
)
/** Said at the end, of what comes before it. */
const AFTER =
  /(?:^| )(?:remember (?:that|this|it)|keep (?:that|this|it) in mind|merke? dir (?:das|dies|es)(?: bitte)?|vergiss das nicht)(?: (?:please|bitte))?$/
const KNOWN = new RegExp(
  `^(?:(?:so|and|und|also|hey|ok|tell me|sag mir) )*(?:${[
    'what (?:else )?(?:do|did) you (?:still )?(?:remember|know) (?:about|of) (?:me|us|my|our)',
    'what (?:have|did) you (?:remember\\w*|memori[sz]ed?|noted|stored|saved)',
    '(?:do|can) you (?:still )?(?:remember|recall|know) (?:my|our|what i|where i|who i|when i|how i|which of)',
    'what did i (?:tell|ask) you to remember',
    'was weisst du (?:noch |alles |schon )?(?:uber|von) (?:mich|mir|uns|mein\\w*|unser\\w*)',
    'was hast du dir (?:\\S+ ){0,3}gemerkt',
    'woran erinnerst du dich',
    '(?:weisst|erinnerst) du (?:dich )?(?:noch )?(?:an (?:mein|unser)\\w*|was ich|wo ich|wie ich|wer ich|wann ich|mein\\w*)',
  ].join('|')})(?: |$)`,
)

/** Whether a message asks for something to be remembered or forgotten, or what is remembered. By words alone, of English and German. */
export function asksMemory(words: readonly Token[]): boolean {
  const said = words.filter(({ word, weight }) => weight === 1 && word !== '#question').map(({ word }) => word)
  const text = said.join(' ')
  return KEEP.test(text) || AFTER.test(text) || KNOWN.test(text)
}
