import type { Token } from 'node-llama-cpp'

export type Vocabulary = {
  text: (tokens: readonly Token[], before: readonly Token[]) => string
  control: (token: Token) => boolean
}

/** Tags that some models have as control tokens, and that mean something to the reader of the answer. */
const MEANT = new Set(
  [
    '<think> </think> <thinking> </thinking> [THINK] [/THINK] <|start|> <|channel|> <|message|>',
    '<tool_call> </tool_call> <|python_tag|> [TOOL_CALLS]',
  ].flatMap((tags) => tags.split(' ')),
)
const UNFINISHED = '\uFFFD'

/**
 * The text of tokens as they come. A character that is split over tokens comes whole, with the last of them; control tokens never come,
 * but for the tags of thoughts and tool calls. `flush` gives what is left at the end.
 */
export function tokenText(vocabulary: Vocabulary): { push: (token: Token) => string; flush: () => string } {
  let before: Token[] = []
  let pending: Token[] = []
  const settle = (text: string) => {
    before = [...before, ...pending].slice(-4)
    pending = []
    return text
  }
  return {
    push(token) {
      if (vocabulary.control(token)) {
        const left = pending.length > 0 ? settle(vocabulary.text(pending, before)) : ''
        pending = [token]
        const text = vocabulary.text(pending, [])
        return settle(left + (MEANT.has(text.trim()) ? text.trim() : ''))
      }
      pending.push(token)
      const text = vocabulary.text(pending, before)
      // A character takes four bytes at most, hence four tokens: after that, it is one that the model really got wrong.
      if (text.endsWith(UNFINISHED) && pending.length < 4) return ''
      return settle(text)
    },
    flush: () => (pending.length === 0 ? '' : settle(vocabulary.text(pending, before))),
  }
}
