/** Fails when the built page has grown past its budget: what a first visit loads, and the largest part that comes later. Sizes are gzip. */
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const KB = 1000
const BUDGET = { script: 140 * KB, style: 12 * KB, later: 70 * KB, diagrams: 900 * KB, frame: 2 * KB }

const dist = resolve(import.meta.dirname, '../dist/web')
const html = readFileSync(join(dist, 'index.html'), 'utf8')
const size = (file: string) => gzipSync(readFileSync(join(dist, 'assets', file)), { level: 9 }).length
const files = readdirSync(join(dist, 'assets'))
const initial = new Set<string>()

/** The entry, and whatever it imports before it runs. */
function load(file: string): void {
  if (initial.has(file)) return
  initial.add(file)
  const code = readFileSync(join(dist, 'assets', file), 'utf8')
  for (const [, imported] of code.matchAll(/(?:^|[;}\s])import(?:[^"'()]*from)?\s*["']\.\/([\w.-]+\.js)["']/g))
    load(imported!)
}
for (const [, file] of html.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.(?:js|css))"/g)) {
  if (file!.endsWith('.js')) load(file!)
  else initial.add(file!)
}

const total = (end: string) => [...initial].filter((f) => f.endsWith(end)).reduce((sum, file) => sum + size(file), 0)
const later = files.filter((f) => /\.(js|css)$/.test(f) && !initial.has(f)).map((file) => ({ file, bytes: size(file) }))
const rows: [string, number, number][] = [
  ['first scripts', total('.js'), BUDGET.script],
  ['first styles', total('.css'), BUDGET.style],
  ...later.map(({ file, bytes }): [string, number, number] => [file, bytes, BUDGET.later]),
  // Mermaid in one piece, loaded with the first diagram.
  ['frames/diagram.html', size('../frames/diagram.html'), BUDGET.diagrams],
  ['frames/picture.html', size('../frames/picture.html'), BUDGET.frame],
]
const kb = (bytes: number) => (bytes / KB).toFixed(1).padStart(6)
for (const [name, bytes, most] of rows)
  console.log(`${bytes > most ? 'OVER ' : 'good '} ${kb(bytes)} of ${kb(most)} KB  ${name}`)
const wrong: string[] = rows.filter(([, bytes, most]) => bytes > most).map(([name]) => `${name} is over its budget`)
if (total('.js') === 0) wrong.push('index.html names no script')
if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/.test(html))
  wrong.push('index.html holds inline code, which the content security policy forbids')
for (const line of wrong) console.error(line)
process.exit(wrong.length === 0 ? 0 : 1)
