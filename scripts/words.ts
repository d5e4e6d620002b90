/**
 * The texts of the page. `node scripts/words.ts` writes src/web/words/en.json from the sources, and tells what each other catalogue lacks or
 * has too much. `node scripts/words.ts bare` lists texts that are not said by `say`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseSync } from 'vite'
import { parse as parseYaml } from 'yaml'
import { CATALOGUE } from '../src/services/catalogue.ts'
import { FAULTS } from '../src/wire/fault.ts'
import { WRONGS } from '../src/wire/wrong.ts'
import type { Catalogue, Forms } from '../src/web/words/say.ts'

const ROOT = resolve(import.meta.dirname, '..')
const WORDS = join(ROOT, 'src/web/words')

type Node = { type: string; start: number; [key: string]: unknown }
type Place = { file: string; line: number; text: string }
type Found = { catalogue: Catalogue; wrong: Place[] }

/** Every text of the page by its name, and what can't be taken from where it stands. */
export function gather(): Found {
  const texts: Record<string, string | Forms> = {}
  const wrong: Place[] = []
  for (const { file, code, program } of sources())
    walk(program, [], (node, above) => {
      const callee = node.type === 'CallExpression' ? (node['callee'] as Node)['name'] : undefined
      if (callee !== 'say' && callee !== 'sayCount' && callee !== 'sayWith') return
      // The wrapper itself passes on what it is given.
      if (file.endsWith('/say-with.tsx')) return
      const tell = (text: string) => wrong.push({ file, line: lineOf(code, node.start), text })
      if (!above.some(({ type }) => /Function/.test(type))) tell('is said before the language is known')
      const [first, one, many] = node['arguments'] as Node[]
      if (callee !== 'sayCount') {
        const found = literals(first)
        if (found === null) tell(`${callee} needs the very text`)
        for (const text of found ?? []) {
          if (typeof texts[text] === 'object') tell(`is said with and without its forms: ${text}`)
          texts[text] = text
        }
      } else {
        const [a, b] = [literals(one)?.[0], literals(many)?.[0]]
        if (a === undefined || b === undefined) tell('sayCount needs the very texts')
        else {
          if (typeof texts[b] === 'string') tell(`is said with and without its forms: ${b}`)
          texts[b] = { one: a, other: b }
        }
      }
    })
  for (const [code, { text, fix }] of Object.entries(FAULTS)) {
    texts[`fault/${code}`] = text
    texts[`fix/${code}`] = fix
  }
  for (const text of WRONGS) texts[`wrong/${text}`] = text
  for (const { about } of CATALOGUE) texts[`about/${about}`] = about
  for (const path of globSync('agents/*.md', { cwd: ROOT })) {
    const head = /^---\n([^]*?)\n---/.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1] ?? ''
    const { title, about } = parseYaml(head) as { title: string; about: string }
    texts[`agent/${title}`] = title
    texts[`about/${about}`] = about
  }
  const names = Object.keys(texts).sort((a, b) => (a < b ? -1 : 1))
  return { catalogue: Object.fromEntries(names.map((name) => [name, texts[name]!])), wrong }
}

/** What a catalogue lacks, has too much, or fills in differently. */
export function compare(english: Catalogue, other: Catalogue): string[] {
  const missing = Object.keys(english).filter((name) => other[name] === undefined)
  const unused = Object.keys(other).filter((name) => english[name] === undefined)
  const odd = Object.entries(other).filter(([name, text]) => {
    const source = english[name]
    if (source === undefined) return false
    if (typeof source !== typeof text) return true
    // A server says more in some places than can be said in another language: those may be left out, and no other added.
    const server = /^(?:fault|fix)\//.test(name)
    const has = placesOf(source)
    const gets = placesOf(text)
    return gets.some((place) => !has.includes(place)) || (!server && has.some((place) => !gets.includes(place)))
  })
  return [
    ...missing.map((name) => `missing: ${name}`),
    ...unused.map((name) => `not used: ${name}`),
    ...odd.map(([name]) => `other places: ${name}`),
  ]
}

/** `n` may be left out of a form: "one chat". */
const placesOf = (text: string | Forms): string[] => {
  const forms = typeof text === 'string' ? [text] : Object.values(text)
  const all = forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, place]) => place!))
  return [...new Set(all)].filter((place) => typeof text === 'string' || place !== 'n')
}

export const readCatalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(join(WORDS, `${language}.json`), 'utf8')) as Catalogue
export const languages = (): string[] =>
  globSync('*.json', { cwd: WORDS })
    .map((file) => basename(file, '.json'))
    .filter((language) => language !== 'en')

const TELLING = new Set([
  'text',
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
])
/** Names, and signs that are the same everywhere. */
const SAME =
  /^(?:PKN|JSON|Markdown|PKN_HOME|English|Deutsch|tok\/s|run:|hf:.*|https?:.*|ollama:name|tools\+context.*|\/home\/.*|[A-Z])$/

/** Texts in the components that are said in English to everybody. */
export function bareTexts(): Place[] {
  const found: Place[] = []
  for (const { file, code, program } of sources()) {
    if (!file.endsWith('.tsx')) continue
    const tell = (node: Node, text: string) => {
      const words = text.replaceAll(/\s+/g, ' ').trim()
      if (/\p{L}{2}/u.test(words) && !SAME.test(words))
        found.push({ file, line: lineOf(code, node.start), text: words })
    }
    walk(program, [], (node, above) => {
      if (node.type === 'JSXText') tell(node, String(node['value']))
      if (node.type === 'JSXAttribute' && TELLING.has(String((node['name'] as Node)['name']))) {
        for (const [at, text] of shown(node['value'] as Node | null)) tell(at, text)
      }
      // Within an element, not within an attribute.
      if (node.type === 'JSXExpressionContainer' && above.at(-1)?.type !== 'JSXAttribute') {
        for (const [at, text] of shown(node['expression'] as Node)) tell(at, text)
      }
    })
  }
  return found
}

/** The pieces of text that an expression may show, without looking into what it calls. */
function shown(node: Node | null | undefined): [Node, string][] {
  if (node === null || node === undefined) return []
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' ? [[node, node['value']]] : []
    case 'TemplateLiteral':
      return (node['quasis'] as Node[]).map((part) => [node, (part['value'] as { cooked: string }).cooked])
    case 'ConditionalExpression':
      return [...shown(node['consequent'] as Node), ...shown(node['alternate'] as Node)]
    case 'LogicalExpression':
      return [...shown(node['left'] as Node), ...shown(node['right'] as Node)]
    case 'BinaryExpression':
      return node['operator'] === '+' ? [...shown(node['left'] as Node), ...shown(node['right'] as Node)] : []
    case 'JSXExpressionContainer':
      return shown(node['expression'] as Node)
    default:
      return []
  }
}

/** The texts that stand there; of a choice between two, both. Null if any does not. */
function literals(node: Node | undefined): string[] | null {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return [node['value']]
  if (node?.type !== 'ConditionalExpression') return null
  const [a, b] = [literals(node['consequent'] as Node), literals(node['alternate'] as Node)]
  return a === null || b === null ? null : [...a, ...b]
}

function* sources(): Generator<{ file: string; code: string; program: Node }> {
  for (const file of globSync('src/web/**/*.{ts,tsx}', { cwd: ROOT }).sort()) {
    if (/\.test\.tsx?$|\.d\.ts$|[/\\]testing[/\\]/.test(file)) continue
    const code = readFileSync(join(ROOT, file), 'utf8')
    yield { file, code, program: parseSync(file, code).program as unknown as Node }
  }
}

function walk(node: Node, above: readonly Node[], visit: (node: Node, above: readonly Node[]) => void): void {
  visit(node, above)
  const within = [...above, node]
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) walk(child, within, visit)
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
const lineOf = (code: string, at: number): number => code.slice(0, at).split('\n').length

if (import.meta.main) {
  const { catalogue, wrong } = gather()
  const say = ({ file, line, text }: Place) => console.log(`${file}:${line}  ${text}`)
  if (process.argv[2] === 'bare') bareTexts().forEach(say)
  else {
    writeFileSync(join(WORDS, 'en.json'), `${JSON.stringify(catalogue, null, 2)}\n`)
    wrong.forEach(say)
    for (const language of languages())
      for (const line of compare(catalogue, readCatalogue(language))) console.log(`${language}: ${line}`)
  }
}
