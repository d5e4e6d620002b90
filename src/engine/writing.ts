import type { Token } from 'node-llama-cpp'
import { answerReader, type Piece } from './answer-reader.ts'
import type { Listener } from './generate.ts'
import type { Prompt } from './prompt.ts'
import type { Rule } from './rules.ts'
import { stopStrings } from './stop-strings.ts'
import { tokenText, type Vocabulary } from './token-text.ts'

export type Written = {
  listener: Listener<Piece[]>
  /** How many tokens it has written, and how many calls. */
  counts: { tokens: number; calls: number }
  /** What was still held back. `cut` tells that the model would have gone on. */
  rest: (cut: boolean) => Piece[]
  /** Why the listener had enough. */
  why: () => 'stop' | 'length' | null
}
type Options = {
  vocabulary: Vocabulary
  prompt: Prompt
  tools: boolean
  stops: string[]
  most: number
  /** The rule for a call of which this much is already written, if there is one. */
  callRule: (begun: string) => Rule | undefined
  /** The rule of all of the answer. */
  formRule?: Rule | undefined
  /** The rule by which this text is said again. */
  againRule: (text: string) => Rule | undefined
}

/** Makes pieces of an answer from its tokens, and knows by which rule the next token is to be chosen. */
export function writing({
  vocabulary,
  prompt,
  tools,
  stops: stopping,
  most,
  callRule,
  againRule,
  formRule,
}: Options): Written {
  const tokens = tokenText(vocabulary)
  const stops = stopStrings(stopping)
  const reader = answerReader({ thinking: prompt.thinking, tools, resumes: prompt.resumes, form: prompt.form })
  const counts = { tokens: 0, calls: 0 }
  let again = prompt.again
  let rule = again === '' ? undefined : againRule(again)
  let nth = 0
  let why: 'stop' | 'length' | null = null

  const counted = (pieces: Piece[]): Piece[] => {
    counts.calls += pieces.filter((piece) => piece.kind === 'call').length
    return pieces
  }
  const follow = () => {
    if (again !== '') return
    const call = reader.calling()
    if (call === null) rule = formRule
    else if (call.nth !== nth) rule = callRule(call.body)
    nth = call?.nth ?? nth
  }
  if (prompt.forced) counted(reader.push(prompt.forced))
  follow()
  return {
    listener: {
      rule: () => rule,
      hear(token: Token) {
        let text = tokens.push(token)
        const repeated = Math.min(again.length, text.length)
        again = again.slice(repeated)
        text = text.slice(repeated)
        // What is said again was counted when it was said first.
        if (repeated === 0 || text !== '') counts.tokens += 1
        const { text: said, stopped } = stops.push(text)
        const heard = counted(reader.push(said))
        follow()
        if (stopped) why = 'stop'
        else if (counts.tokens >= most) why = 'length'
        return { heard, over: why !== null }
      },
    },
    counts,
    rest(cut) {
      const tail = stops.push(tokens.flush())
      const left = reader.push(tail.text + (tail.stopped ? '' : stops.flush()))
      return counted([...left, ...reader.flush(cut)])
    },
    why: () => why,
  }
}
