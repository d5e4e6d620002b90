import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'

export type Program = { file: string; args: readonly string[]; env: Record<string, string> }

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/pkn/llama-server')
/** What Debian's build of llama.cpp consists of, with the loader and the libraries that it was built with. */
const PACKAGES = [
  'llama.cpp-tools',
  'libllama0',
  'libggml0',
  'libc6',
  'libstdc++6',
  'libgcc-s1',
  'libgomp1',
  'libssl3t64',
  'libzstd1',
  'zlib1g',
]
const run = promisify(execFile)

/**
 * A real llama-server: the one on the PATH, else Debian's, unpacked into a cache folder and run by its own loader, so that nothing is
 * installed. Where neither can be had, the reason as a sentence.
 */
export async function llamaServer(): Promise<Program | { missing: string }> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, 'llama-server')
    if (folder !== '' && existsSync(file)) return { file, args: [], env: {} }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: 'no llama-server is on the PATH, and a build is only fetched for Linux on x64' }
  if (!existsSync(CACHE)) {
    try {
      await fetchInto(CACHE)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause)
      return { missing: `no llama-server is on the PATH, and Debian's cannot be fetched: ${why}` }
    }
  }
  const lib = join(CACHE, 'usr/lib/x86_64-linux-gnu')
  const backend = join(lib, 'ggml/backends0', `libggml-cpu-${kindOfCpu()}.so`)
  const libraries = [lib, join(lib, 'llama'), join(lib, 'ggml')].join(':')
  return {
    file: join(lib, 'ld-linux-x86-64.so.2'),
    args: ['--library-path', libraries, join(CACHE, 'usr/bin/llama-server')],
    env: { GGML_BACKEND_PATH: backend },
  }
}

async function fetchInto(target: string): Promise<void> {
  const work = `${target}.${process.pid}`
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'debs', 'root'])
      mkdirSync(join(work, folder), { recursive: true })
    // The mirror that this machine uses has the unstable release beside its own.
    const { stdout } = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'])
    const mirror = stdout.split('\n').find((uri) => /\/debian\/?$/.test(uri))
    if (mirror === undefined) throw new Error('this machine uses no Debian mirror')
    const key = globSync('/usr/share/keyrings/debian-archive-keyring.*')[0]
    if (key === undefined) throw new Error('there is no keyring of Debian')
    writeFileSync(join(work, 'sources.list'), `deb [signed-by=${key}] ${mirror} sid main\n`)
    const own = Object.entries({
      'Dir::Etc::sourcelist': join(work, 'sources.list'),
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::State::lists': join(work, 'lists'),
      'Dir::Cache': join(work, 'cache'),
      'APT::Sandbox::User': 'root',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    await run('apt-get', [...own, '-q', 'update'], { timeout: 120_000 })
    const wanted = PACKAGES.map((name) => `${name}/sid`)
    await run('apt-get', [...own, '-q', 'download', ...wanted], { cwd: join(work, 'debs'), timeout: 120_000 })
    for (const deb of readdirSync(join(work, 'debs')))
      await run('dpkg', ['-x', join(work, 'debs', deb), join(work, 'root')])
    mkdirSync(join(target, '..'), { recursive: true })
    // Another test file may have been quicker.
    if (!existsSync(target)) renameSync(join(work, 'root'), target)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function kindOfCpu(): string {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(' '))
  if (flags.has('avx512f') && flags.has('avx512bw') && flags.has('avx512vl')) return 'skylakex'
  return flags.has('avx2') && flags.has('fma') ? 'haswell' : 'x64'
}
