import { z } from 'zod'

/** What a tool may do: look, change files, or run something. */
export const Effect = z.enum(['read', 'write', 'run'])
export type Effect = z.infer<typeof Effect>

/** What a person is shown of a call: what it is about to do, or what came of it. Every text is bounded by who writes it. */
export const Shown = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  /** A change of a file as a unified diff; `from` null is a new file. */
  z.object({
    kind: z.literal('diff'),
    path: z.string(),
    diff: z.string(),
    added: z.int().min(0),
    removed: z.int().min(0),
    created: z.boolean(),
  }),
  z.object({
    kind: z.literal('command'),
    command: z.string(),
    folder: z.string(),
    /** Null: nothing confines it on this machine. */
    sandbox: z.enum(['bubblewrap']).nullable(),
    network: z.boolean(),
    background: z.boolean(),
  }),
  z.object({ kind: z.literal('address'), url: z.string() }),
  z.object({ kind: z.literal('question'), text: z.string(), options: z.array(z.string()) }),
  /** Steps that are to be taken, in order, once they are approved. */
  z.object({ kind: z.literal('plan'), steps: z.array(z.string()) }),
  /** The call as it is, where the tool can't say it better. */
  z.object({ kind: z.literal('input'), text: z.string() }),
])
export type Shown = z.infer<typeof Shown>

export const TodoItem = z.object({ text: z.string(), state: z.enum(['open', 'doing', 'done']) })
export type TodoItem = z.infer<typeof TodoItem>
