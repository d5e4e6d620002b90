import { mkdir, readlink, rename, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { waitFor, type Got } from './download.ts'
import { describe, whyOf } from './download-ask.ts'
import { wrongWithGguf } from '../gguf.ts'
import { modelName, partsOf } from '../model-folder.ts'
import { getFiles, stagingOf, type RemoteFile, type Telling } from './pull-files.ts'
import { lockFolder } from './pull-lock.ts'
import { pullIntoOllama } from './pull-ollama.ts'
import { getFromPackage } from './pull-package.ts'
import type { Plan } from './pull-plan.ts'
import { chooseFile, filesOf, listRepo, type Hub } from './source-hub.ts'
import { fileNameOf, sourceText, type Source } from './source.ts'

export type PullDeps = {
  /** PKN_HOME/models. */
  models: string
  hub: Hub
  /** Where Ollama answers. */
  ollama: string
  pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}
export type PullTelling = Telling & { source: (text: string) => void; name: (name: string) => void }

/** Two attempts where there is another source to go to; patience where there is none. */
const QUICK = 2

/** Gets a model from the first of its sources that has it. */
export async function runPull(plan: Plan, deps: PullDeps, tell: PullTelling, signal: AbortSignal): Promise<Got> {
  let last: Got = { ok: false, why: 'there is no source' }
  const whys: string[] = []
  for (const [i, source] of plan.sources.entries()) {
    const next = plan.sources[i + 1]
    tell.source(sourceText(source))
    last = await bring(source, plan, deps, tell, signal, next === undefined ? undefined : QUICK)
    if (last.ok || signal.aborted) return last
    whys.push(last.why)
    // Another source needs the same space.
    if (last.full) return last
    if (next !== undefined) tell.note(`${sourceText(source)}: ${last.why}; trying ${sourceText(next)}`)
  }
  return last.ok ? last : { ...last, why: whys.join('; ') }
}

async function bring(
  source: Source,
  plan: Plan,
  deps: PullDeps,
  tell: PullTelling,
  signal: AbortSignal,
  attempts: number | undefined,
): Promise<Got> {
  const { models, hub, pause } = deps
  const get = async (files: RemoteFile[], token: string | undefined): Promise<Got> => {
    const first = files[0]
    if (first !== undefined) tell.name(modelName(first.name))
    return await getFiles({ files, models, token, attempts, tell, signal, pause })
  }
  switch (source.from) {
    case 'hub': {
      const split = partsOf(source.file).length > 1
      const listed = split ? await listRepo(hub, source.repo, signal) : null
      const files = filesOf(hub, source.repo, source.file, listed?.ok ? listed.files : [])
      const only = files.length === 1 ? files[0] : undefined
      if (only === undefined) return await get(files, hub.token)
      // What the hub says of its file goes before what the catalogue remembers of it: its owner may have made it anew.
      const about = plan.sha256 === undefined ? null : await describe(only.url, hub.token, signal)
      const newer = about?.sha256 != null && about.sha256 !== plan.sha256
      if (newer) tell.note(`${source.repo} has a newer ${source.file} than the catalogue knows`)
      return await get([newer || plan.sha256 === undefined ? only : { ...only, ...expected(plan) }], hub.token)
    }
    case 'hub-repo': {
      const listed = await listRepo(hub, source.repo, signal)
      if (!listed.ok) return listed
      const file = chooseFile(listed.files, source.quantisation)
      if (file === null) return { ok: false, why: `${source.repo} has no such model; it has ${choices(listed.files)}` }
      tell.note(`Of ${source.repo}, ${file.path} is taken`)
      return await get(filesOf(hub, source.repo, file.path, listed.files), hub.token)
    }
    case 'url': {
      const url = new URL(source.url)
      const at = url.pathname.lastIndexOf('/') + 1
      const files = partsOf(url.pathname.slice(at)).map((name) => {
        const whole = new URL(url)
        whole.pathname = url.pathname.slice(0, at) + name
        return { url: whole.href, name: partsOf(name).length > 1 ? (fileNameOf(name) ?? name) : `${plan.name}.gguf` }
      })
      return await get(files, undefined)
    }
    case 'package': {
      const to = join(stagingOf(models, basename(source.file)), basename(source.file))
      return await staged(deps, to, tell, signal, () =>
        getFromPackage({
          ...source,
          ...expected(plan),
          to,
          signal,
          tell: (done) => tell.progress(done, plan.size ?? null),
        }),
      )
    }
    case 'ollama':
      return await pullIntoOllama({ url: deps.ollama, name: source.name, tell, signal, pause })
    case 'path':
      return await link(source.path, models)
  }
}

const expected = ({ size, sha256 }: Plan) => ({ size, sha256 })

const choices = (files: readonly { path: string }[]) =>
  files.length === 0
    ? 'no .gguf file at all'
    : files
        .slice(0, 12)
        .map(({ path }) => path)
        .join(', ')

/** For what comes in one piece: alone in its folder, and under its name only when it is whole. */
async function staged(
  deps: PullDeps,
  to: string,
  tell: Telling,
  signal: AbortSignal,
  get: () => Promise<Got>,
): Promise<Got> {
  const staging = dirname(to)
  const lock = await lockFolder(
    staging,
    signal,
    () => tell.note('Another process of PKN is getting it'),
    deps.pause ?? waitFor,
  )
  if (lock === null) return { ok: false, why: 'it was stopped' }
  let done = false
  try {
    const there = await stat(join(deps.models, basename(to))).catch(() => null)
    const got: Got = there === null ? await get() : { ok: true, bytes: there.size }
    if (!got.ok) return got
    if (there === null) await rename(to, join(deps.models, basename(to)))
    done = true
    return got
  } finally {
    if (done) await lock.clear()
    else await lock.release()
  }
}

/** A file of this machine is used where it lies: a link to it stands among PKN's models. */
async function link(path: string, models: string): Promise<Got> {
  await mkdir(models, { recursive: true, mode: 0o700 })
  let bytes = 0
  for (const name of partsOf(basename(path)).toReversed()) {
    const target = join(dirname(path), name)
    const found = await modelAt(target)
    if ('wrong' in found) return { ok: false, why: `${target} cannot be used: ${found.wrong}` }
    const own = fileNameOf(name)
    if (own === null) return { ok: false, why: `${name} cannot be the name of a model` }
    const at = join(models, own)
    bytes += found.bytes
    if (target === at || (await readlink(at).catch(() => null)) === target) continue
    const taken = await symlink(target, at).then(
      () => false,
      (cause: NodeJS.ErrnoException) => cause.code,
    )
    if (taken === 'EEXIST')
      return { ok: false, why: `another model is called ${modelName(own)} already; remove it first` }
    if (taken !== false) return { ok: false, why: `a link to it could not be made (${taken})` }
  }
  return { ok: true, bytes }
}

/** Its size, or what is wrong with it. */
async function modelAt(path: string): Promise<{ bytes: number } | { wrong: string }> {
  try {
    const wrong = await wrongWithGguf(path)
    return wrong === null ? { bytes: (await stat(path)).size } : { wrong }
  } catch (cause) {
    return { wrong: whyOf(cause) }
  }
}
