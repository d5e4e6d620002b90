import { readHead, type Head } from '../gguf.ts'

/** More than anybody has; the oldest are forgotten, since a file that is still being written is another one each time. */
const KEPT = 500

/** Reads each file once, as long as it is the same; one after the other, so that many files take no more memory than one. */
export function rememberedHeads(): (file: { key: string; path: string }) => Promise<Head> {
  const known = new Map<string, Promise<Head>>()
  let last: Promise<unknown> = Promise.resolve()
  return ({ key, path }) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const head = last.then(() => readHead(path))
    last = head
    known.set(key, head)
    if (known.size > KEPT) known.delete([...known.keys()][0]!)
    return head
  }
}

/** What the template lets a model do: one that was trained to call tools, or to think, speaks of it there. Null if nothing is known. */
export function abilities({ template, context }: Head): { tools: boolean | null; thinking: boolean | null } {
  if (template === null && context === null) return { tools: null, thinking: null }
  const text = template ?? ''
  return {
    tools: /\btools\b/.test(text),
    thinking: /<think>|enable_thinking|reasoning_content|<\|channel\|>/.test(text),
  }
}
