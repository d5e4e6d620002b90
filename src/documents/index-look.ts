import { realpath } from 'node:fs/promises'
import type { Job } from './index-talk.ts'
import type { IndexWriter, KnownFile } from './index-writer.ts'
import { pdfText } from './pdf-text.ts'
import { GONE, readBytes, textOf, type Page, type Skip } from './read-document.ts'
import { trueHome } from './source-path.ts'
import { walkSource, type FoundFile } from './walk-source.ts'

export type LookTools = {
  home: string
  writer: IndexWriter
  alive: () => void
  /** Resolves once it is told, so that a file from which nobody comes back is known. */
  reading: (file: FoundFile) => Promise<void>
  /** After each file; what was written so far may be made visible. */
  progress: (done: number, total: number) => void
}

/** Brings the index to what the documents of a source are now: what is new or has changed is read, what is gone leaves it. */
export async function look(
  job: Extract<Job, { type: 'look' }>,
  tools: LookTools,
): Promise<{ outcome: 'looked' | 'missing' | 'elsewhere'; folders: readonly string[]; changed: number }> {
  const { source, owner } = job
  const { writer, alive, progress } = tools
  const place = await realpath(job.path).catch(() => null)
  // Whoever may write beside a source could lead it to what nobody has given.
  if (place !== job.path) return { outcome: place === null ? 'missing' : 'elsewhere', folders: [], changed: 0 }
  const { files, folders, left } = await walkSource(job.path, await trueHome(tools.home), alive, job.bounds)
  const known = new Map(writer.known(source).map((file) => [file.path, file]))
  const avoid = new Map(job.avoid.map((one) => [one.path, one]))
  const there = new Set(files.map(({ path }) => path))
  let changed = 0
  for (const file of known.values())
    if (!there.has(file.path)) {
      writer.remove(file.id)
      changed++
    }
  for (const [i, file] of files.entries()) {
    const before = known.get(file.path)
    const shunned = avoid.get(file.path)
    const place = { source, owner, path: file.path }
    if (shunned?.size === file.stamp.size && shunned.mtime === file.stamp.mtime) {
      if (before) writer.remove(before.id)
      writer.skip(place, file.stamp, { why: shunned.why, odd: true })
    } else if (before?.size !== file.stamp.size || before.mtime !== file.stamp.mtime) {
      changed++
      await tools.reading(file)
      await renew(file, before, place, tools)
    }
    progress(i + 1, files.length)
  }
  writer.looked(source, owner, left, Date.now())
  return { outcome: 'looked', folders, changed }
}

async function renew(
  file: FoundFile,
  before: KnownFile | undefined,
  place: Parameters<IndexWriter['add']>[0],
  { writer, alive }: LookTools,
): Promise<void> {
  const read = await readBytes(file.place)
  if (read.ok && before?.hash === read.hash) return writer.stamp(before.id, read.stamp)
  const pages: Page[] | Skip = !read.ok ? read : read.kind === 'pdf' ? await pdfText(read.bytes, alive) : paged(read)
  if (before) writer.remove(before.id)
  if (Array.isArray(pages)) {
    if (read.ok) writer.add(place, read.stamp, read.hash, pages)
  } else if (pages.why !== GONE) writer.skip(place, read.ok ? read.stamp : file.stamp, pages)
}

function paged({ bytes }: { bytes: Uint8Array }): Page[] | Skip {
  const text = textOf(bytes)
  return typeof text === 'string' ? [{ page: 0, text }] : text
}
