import type { Blobs, Store } from './ports.ts'
import type { Outputs, Versions } from './tool-ports.ts'

type Parts = { store: Pick<Store, 'acts'>; blobs: Blobs }
const MOST_LINES = 2000

/** Outputs and versions as rows of the store, whose bytes are blobs. */
export function keptOutputs({ store, blobs }: Parts): Outputs {
  return {
    async keep({ owner, run }, text) {
      const bytes = new TextEncoder().encode(text)
      const hash = await blobs.put(bytes)
      return store.acts.keepOutput({ owner, run, hash, bytes: bytes.byteLength })
    },
    async read(owner, output, { from, lines }) {
      const { hash } = await store.acts.outputOf(owner, output)
      const bytes = await blobs.get(hash)
      if (bytes === null) throw new Error(`the blob of ${output} is gone`)
      const all = new TextDecoder().decode(bytes).split('\n')
      const page = all.slice(from - 1, from - 1 + Math.min(lines, MOST_LINES))
      return { text: page.join('\n'), from, lines: page.length, total: all.length }
    },
  }
}

export function keptVersions({ store, blobs }: Parts): Versions {
  const put = async (bytes: Uint8Array | null) => (bytes === null ? null : blobs.put(bytes))
  return {
    async keep({ owner, run, session, call, folder }, { path, before, after }) {
      const [was, becomes] = [await put(before), await put(after)]
      await store.acts.keepVersion({ owner, run, session, call, folder, path, before: was, after: becomes })
    },
  }
}
