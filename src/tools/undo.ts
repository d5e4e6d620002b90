import { z } from 'zod'
import type { Blobs, Store, Tool, Undoing, Version } from '../core/ports.ts'
import { truePath } from './confined.ts'
import { contentOf, replace, telling, within, type Content } from './files.ts'

type Parts = { store: Pick<Store, 'acts'>; blobs: Blobs }
type Undone = Awaited<ReturnType<Undoing['undo']>>

/** Undoes what tools wrote, newest first, each file only as long as it is what the tool made it. */
export function undoing({ store, blobs }: Parts): Undoing {
  const restore = async ({
    folder,
    path,
    before,
    after,
  }: Version): Promise<'restored' | 'unmade' | { why: string }> => {
    const done = await telling(() =>
      within({ folder }, path, async (held) => {
        const now = await contentOf(held)
        if (!(await isStill(now, after)))
          return (await isStill(now, before)) ? 'unmade' : { why: 'It was changed since then.' }
        const was = before === null ? null : await blobs.get(before)
        if (before !== null && was === null) return { why: 'What it was before is not kept any more.' }
        await replace(held, now, was)
        return 'restored'
      }),
    )
    return typeof done === 'object' && 'output' in done ? { why: done.output } : done
  }
  const isStill = async (now: Content, after: string | null): Promise<boolean> => {
    if (now === null || after === null) return now === null && after === null
    const made = await blobs.get(after)
    return made !== null && now.bytes.equals(made)
  }
  return {
    async undo(owner, run, call) {
      const undone: Undone = { restored: [], kept: [] }
      // A file that could not be taken back one step can't be taken back further.
      const stuck = new Set<string>()
      for (const version of await store.acts.versionsOf(owner, run, call)) {
        if (stuck.has(version.path)) continue
        const done = await restore(version)
        if (typeof done === 'object') {
          stuck.add(version.path)
          undone.kept.push({ path: version.path, ...done })
          continue
        }
        await store.acts.undone([version.seq])
        // What was kept before a write that then failed was never made.
        if (done === 'restored' && !undone.restored.includes(version.path)) undone.restored.push(version.path)
      }
      return undone
    },
  }
}

const Input = z.object({
  path: z.string().optional().describe('Only this file; all that this task has written if it is left out.'),
})

export function undo(parts: Parts): Tool<z.infer<typeof Input>> {
  const toUndo = async (
    run: Parameters<Undoing['undo']>[1],
    owner: Parameters<Undoing['undo']>[0],
    folder: string,
    path?: string,
  ) => {
    const versions = await parts.store.acts.versionsOf(owner, run, null)
    if (path === undefined) return versions
    const wanted = await truePath(folder, path)
    return versions.filter((version) => version.path === wanted)
  }
  return {
    name: 'undo',
    about: 'Makes files what they were before this task wrote them.',
    input: Input,
    effect: 'write',
    reach: 'workspace',
    subject: async ({ path }, { folder }) => ({
      kind: 'files',
      paths: path === undefined ? [''] : [await truePath(folder, path)],
    }),
    preview: async ({ path }, { run, owner, folder }) => {
      const names = [...new Set((await toUndo(run, owner, folder, path)).map((version) => version.path))]
      if (names.length === 0) return { ok: false, output: 'Nothing was written that could be undone.' }
      return { ok: true, shown: { kind: 'text', text: `What this task wrote is undone in:\n${names.join('\n')}` } }
    },
    run: ({ path }, { run, owner, folder }) =>
      telling(async () => {
        const wanted = await toUndo(run, owner, folder, path)
        const only: Parts['store'] = { acts: { ...parts.store.acts, versionsOf: async () => wanted } }
        const { restored, kept } = await undoing({ ...parts, store: only }).undo(owner, run, null)
        const lines = [
          ...restored.map((name) => `${name} is as it was before.`),
          ...kept.map(({ path: name, why }) => `${name} was left as it is: ${why}`),
        ]
        return { ok: kept.length === 0, output: lines.join('\n') || 'Nothing was written that could be undone.' }
      }),
  }
}
