import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../src/cli/commands.ts'
import { CATALOGUE } from '../src/services/catalogue.ts'

const root = resolve(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]
type Package = { dependencies: Record<string, string>; scripts: Record<string, string> }
const { dependencies, scripts } = JSON.parse(read('package.json')) as Package

test('every link between the documents leads somewhere', () => {
  for (const page of pages)
    for (const [, link = ''] of read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g))
      if (!/^https?:/.test(link)) assert.ok(existsSync(join(root, dirname(page), link)), `${page}: ${link}`)
})

test('every file that the documents name in code is there', () => {
  for (const page of pages)
    for (const [, path = ''] of read(page).matchAll(
      /`((?:src|agents|bench|scripts|docs|models|test)\/[\w./-]+\.(?:ts|mjs|md|tsx))`/g,
    ))
      assert.ok(existsSync(join(root, path)), `${page}: ${path}`)
})

test('every command that the documents name is there', () => {
  for (const page of pages) {
    for (const [, verb = ''] of read(page).matchAll(/(?:\.\/pkn_control\.sh|\.\/pkn|`pkn) ([a-z][a-z-]+)/g))
      assert.ok(verb === 'help' || verb === 'test' || verb in COMMANDS, `${page}: ${verb}`)
    for (const [, verb = '', word = ''] of read(page).matchAll(/pkn (models|config|service) ([a-z]+)\b/g))
      assert.match(COMMANDS[verb]?.usage ?? '', new RegExp(`\\b${word}\\b`), `${page}: ${verb} ${word}`)
    for (const [, name = ''] of read(page).matchAll(/pkn models pull ([a-z][\w.-]*)(?![\w.:-])/g))
      assert.ok(
        CATALOGUE.some(({ id }) => id === name),
        `${page}: pkn models pull ${name}`,
      )
    for (const [, script = ''] of read(page).matchAll(/npm run ([a-z:]+)/g))
      assert.ok(scripts[script], `${page}: npm run ${script}`)
  }
})

test('every setting that is read from the environment is documented', () => {
  const names = new Set(
    [...read('src/config.ts').matchAll(/'((?:PKN|LLAMA|OLLAMA|OPENAI)_[A-Z_]+)'/g)].map((m) => m[1] ?? ''),
  )
  for (const name of names) assert.ok(read('docs/operations.md').includes(`\`${name}\``), name)
})

test('every runtime dependency has its line, and there are fewer than twenty', () => {
  const names = Object.keys(dependencies)
  assert.ok(names.length < 20)
  const named = read('docs/dependencies.md')
    .split('\n')
    .flatMap((line) => (line.startsWith('|') ? (line.split('|')[1] ?? '').split(',').map((name) => name.trim()) : []))
  for (const name of names) assert.ok(named.includes(name), name)
})

test('the events of the protocol are all explained', () => {
  const explained = read('docs/protocol.md')
  for (const [, type = ''] of read('src/wire/event.ts').matchAll(/z\.literal\('([a-z.]+)'\)/g))
    assert.ok(explained.includes(`\`${type}\``), type)
})
