import { readHead, type Head } from '../gguf.ts'

/** More than anybody has; the oldest are forgotten, since a file that is still being written is another one each time. */
const KEPT = 500
const LIMIT_MS = 500
const UNKNOWN: Head = { context: null, template: null }
type Asked = readonly { key: string; path: string }[]

/**
 * What the files of models say of them. Each is read once, as long as it is the same; one after the other, so that many take no more memory
 * than one. Whoever asks is not kept waiting for a slow disk: what is not read by then is unknown, until it is asked for again.
 */
export function rememberedHeads({ read = readHead, limitMs = LIMIT_MS } = {}): (files: Asked) => Promise<Head[]> {
  const known = new Map<string, Promise<Head>>()
  let last: Promise<unknown> = Promise.resolve()
  const headOf = ({ key, path }: Asked[number]): Promise<Head> => {
    const before = known.get(key)
    if (before !== undefined) return before
    const head = last.then(() => read(path))
    last = head
    known.set(key, head)
    if (known.size > KEPT) known.delete([...known.keys()][0]!)
    return head
  }
  return async (files) => {
    const late = Promise.withResolvers<Head>()
    const timer = setTimeout(() => late.resolve(UNKNOWN), limitMs)
    try {
      return await Promise.all(files.map((file) => Promise.race([headOf(file), late.promise])))
    } finally {
      clearTimeout(timer)
    }
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
