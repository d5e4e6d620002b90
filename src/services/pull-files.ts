import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { download, missingSpace, waitFor, type Got } from './download.ts'
import { describe } from './download-ask.ts'
import { wrongWithGguf } from '../gguf.ts'
import { modelName } from '../model-folder.ts'
import { lockFolder } from './pull-lock.ts'

export type RemoteFile = { url: string; name: string; size?: number | undefined; sha256?: string | undefined }
export type Telling = {
  /** Bytes of all that is got; `total` once it is known. */
  progress: (done: number, total: number | null) => void
  verifying: (yes: boolean) => void
  note: (text: string) => void
}
export type FilesAsked = {
  /** Those of a split model in order. */
  files: readonly RemoteFile[]
  /** Where models lie. */
  models: string
  token?: string | undefined
  attempts?: number | undefined
  tell: Telling
  signal: AbortSignal
  pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** Where what is on its way lies until it is whole, out of sight of those who look for models. */
export const stagingOf = (models: string, name: string): string => join(pullsFolder(models), `${name}.d`)
export const pullsFolder = (models: string): string => join(models, '.pulls')

/** Gets all the files of a model. None of them has its own name before all of them are whole; the first, by which a model is known, last. */
export async function getFiles(asked: FilesAsked): Promise<Got> {
  const { files, models, tell, signal, pause = waitFor } = asked
  const first = files[0]
  if (first === undefined) return { ok: false, why: 'there is no file' }
  const staging = stagingOf(models, first.name)
  const lock = await lockFolder(staging, signal, () => tell.note('Another process of PKN is getting it'), pause)
  if (lock === null) return { ok: false, why: 'it was stopped' }
  let done = false
  try {
    const there = await alreadyThere(asked, first)
    // Whatever is left here of it is of no use any more.
    done = there?.ok === true
    if (there !== null) return there
    const got = await getAll(asked, staging)
    if (!got.ok) return got
    await mkdir(models, { recursive: true, mode: 0o700 })
    for (const { name } of files.toReversed())
      if ((await sizeOf(join(staging, name))) !== null) await rename(join(staging, name), join(models, name))
    done = true
    return got
  } finally {
    if (done) await lock.clear()
    else await lock.release()
  }
}

async function getAll(asked: FilesAsked, staging: string): Promise<Got> {
  const { files, models, tell, signal, pause } = asked
  const sizes = files.map((file) => file.size ?? null)
  const all = sum(sizes)
  if (files.length > 1 && all !== null) {
    const there = await Promise.all(
      files.map(
        async ({ name }) => (await sizeOf(join(staging, name))) ?? (await sizeOf(join(staging, `${name}.part`))),
      ),
    )
    const short = await missingSpace(staging, all - there.reduce<number>((bytes, size) => bytes + (size ?? 0), 0))
    if (short !== null) return { ok: false, why: short, full: true }
  }
  let before = 0
  for (const [i, { url, name, size, sha256 }] of files.entries()) {
    // Left by one that was killed while it gave them their names.
    const moved = (await sizeOf(join(staging, name))) ?? (i > 0 ? await sizeOf(join(models, name)) : null)
    if (moved !== null && (size === undefined || moved === size)) {
      before += moved
      sizes[i] = moved
      tell.progress(before, sum(sizes))
      continue
    }
    const got = await download({
      url,
      to: join(staging, name),
      size,
      sha256,
      token: asked.token,
      begins: 'GGUF',
      check: wrongWithGguf,
      note: tell.note,
      attempts: asked.attempts,
      pause,
      signal,
      tell: ({ done, total, verifying }) => {
        sizes[i] = total
        tell.verifying(verifying)
        if (!verifying) tell.progress(before + done, sum(sizes))
      },
    })
    if (!got.ok) return got
    before += got.bytes
    sizes[i] = got.bytes
    tell.progress(before, sum(sizes))
  }
  return { ok: true, bytes: before }
}

/** A file of that name is either the very one, or another that is in the way; null if there is none. */
async function alreadyThere({ models, token, signal, files }: FilesAsked, first: RemoteFile): Promise<Got | null> {
  const bytes = await sizeOf(join(models, first.name))
  if (bytes === null) return null
  const others = await Promise.all(files.slice(1).map(({ name }) => sizeOf(join(models, name))))
  const expected = first.size ?? (await describe(first.url, token, signal))?.bytes ?? null
  if (expected === bytes && others.every((size) => size !== null))
    return { ok: true, bytes: others.reduce<number>((all, size) => all + (size ?? 0), bytes) }
  if (expected === null)
    return { ok: false, why: `${first.name} is there already, and its source cannot be asked whether it is the same` }
  return {
    ok: false,
    why: `another model is called ${modelName(first.name)} already; remove it first`,
  }
}

const sum = (sizes: readonly (number | null)[]): number | null =>
  sizes.reduce<number | null>((all, size) => (all === null || size === null ? null : all + size), 0)

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    (s) => (s.isFile() ? s.size : null),
    () => null,
  )
