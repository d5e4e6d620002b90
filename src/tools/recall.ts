import { z } from 'zod'
import type { Recalled } from '../wire/recall.ts'
import type { Tool } from '../core/ports.ts'
import { material } from './material.ts'
import { visible } from './visible.ts'

const Input = z.object({ query: z.string().trim().min(1).max(2000).describe('What is wanted, in a few words.') })

export const recall: Tool<z.infer<typeof Input>> = {
  name: 'recall',
  about:
    'Looks up what is remembered, and passages of the documents that the user has given. Cite a passage by its number, like [1].',
  input: Input,
  effect: 'read',
  reach: 'none',
  limitMs: 15_000,
  again: true,
  run: async ({ query }, use) => {
    const { text, ...found } = await use.recall.find(query, use.signal)
    if (text === '') return { ok: true, output: 'Nothing that fits is remembered or stands in the documents.' }
    return { ok: true, output: material('memory and documents', text), shown: { kind: 'text', text: listed(found) } }
  },
}

const listed = ({ memories, passages }: Recalled): string =>
  [
    ...memories.map((memory) => `• ${visible(memory.text)}`),
    ...passages.map(
      ({ n, path, from, to, page }) =>
        `[${n}] ${visible(path) || 'document'}:${from}-${to}${page === undefined ? '' : `, page ${page}`}`,
    ),
  ].join('\n')
