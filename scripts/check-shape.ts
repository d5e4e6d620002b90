/** Checks what no compiler does: which folder may import which, and how large a file may be. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const SRC = resolve(import.meta.dirname, '..', 'src')
/** What each folder of src may import, beside itself and packages. `core/ports` is the one page of core that adapters may see. */
const MAY: Record<string, readonly string[]> = {
  wire: [],
  client: ['wire'],
  web: ['client', 'wire'],
  cli: ['client', 'wire', 'services', 'config', 'clock'],
  views: ['wire'],
  imports: ['wire'],
  core: ['complaints', 'wire'],
  http: ['core', 'imports', 'views', 'wire'],
  models: ['core/ports', 'wire'],
  engine: ['core/ports', 'gguf', 'model-folder', 'wire'],
  tools: ['core/ports', 'path-pattern', 'wire'],
  agents: ['core/ports', 'wire'],
  documents: ['complaints', 'core/ports', 'fused', 'narrowed', 'path-pattern', 'wire'],
  store: ['core/ports', 'fused', 'lock', 'narrowed', 'wire'],
  services: ['core/ports', 'gguf', 'lock', 'model-folder', 'tools/sandbox', 'wire'],
  config: ['wire'],
  clock: ['core/ports'],
  'model-folder': ['gguf'],
  gguf: [],
  lock: [],
  complaints: ['core/ports', 'wire'],
  fused: [],
  narrowed: [],
  'path-pattern': [],
}
const COMPOSES = new Set(['main', 'server', 'learning', 'learn-apart', 'learn-lessons', 'learn-process'])
const PACKAGES: Record<string, readonly string[]> = { wire: ['zod'], core: ['zod'] }
const isTest = (path: string) => /\.(test|contract)\.tsx?$|[/\\](contract|misbehave)\.ts$|[/\\]testing[/\\]/.test(path)

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.tsx?$/.test(f) && !f.endsWith('.d.ts'))
  .map((f) => join(SRC, f))
const problems: string[] = []
const sizes: number[] = []
for (const file of files) {
  const text = readFileSync(file, 'utf8')
  if (isTest(file)) continue
  const lines = text.split('\n').length
  sizes.push(lines)
  if (lines > 400) problems.push(`${relative(SRC, file)}: ${lines} lines; 400 is the most`)
  const layer = layerOf(file)
  for (const match of text.matchAll(
    /^(?:import|export)\b[^']*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  )) {
    const from = match[1] ?? match[2] ?? match[3] ?? ''
    if (!from.startsWith('.')) {
      const allowed = PACKAGES[layer]
      if (allowed && !allowed.includes(from))
        problems.push(`${relative(SRC, file)}: ${layer} imports the package ${from}`)
      continue
    }
    const target = resolve(dirname(file), from)
    const to = layerOf(target)
    if (to === layer || COMPOSES.has(layer)) continue
    const may = MAY[layer] ?? []
    const page = relative(SRC, target)
      .replace(/\.tsx?$/, '')
      .replaceAll('\\', '/')
    if (!may.includes(to) && !may.includes(page))
      problems.push(`${relative(SRC, file)}: ${layer} may not import ${page}`)
  }
}
sizes.sort((a, b) => a - b)
const at = (share: number) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0
if (at(0.5) > 80) problems.push(`the median file has ${at(0.5)} lines; 80 is the most`)
if (at(0.9) > 250) problems.push(`the 90th percentile of file sizes is ${at(0.9)} lines; 250 is the most`)
for (const problem of problems) console.error(problem)
console.log(
  `shape: ${sizes.length} files, median ${at(0.5)} lines, 90th percentile ${at(0.9)}, largest ${sizes.at(-1) ?? 0}; ${problems.length} problems`,
)
process.exit(problems.length === 0 ? 0 : 1)

function layerOf(path: string): string {
  const [first = ''] = relative(SRC, path).split(/[/\\]/)
  return first.replace(/\.tsx?$/, '')
}
