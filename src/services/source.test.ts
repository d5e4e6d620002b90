import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Fault } from '../wire/fault.ts'
import { CATALOGUE } from './catalogue.ts'
import { planOf } from './pull-plan.ts'
import { chooseFile, filesOf } from './source-hub.ts'
import { modelName, partsOf } from '../model-folder.ts'
import { fileNameOf, readSource } from './source.ts'

const read = (what: string) => readSource(what, '/home/me')

it('understands each form that a model can be asked for in', () => {
  assert.deepEqual(read('hf:owner/repo/file.gguf'), { from: 'hub', repo: 'owner/repo', file: 'file.gguf' })
  assert.deepEqual(read('hf:owner/repo/UD/f-00001-of-00002.gguf'), {
    from: 'hub',
    repo: 'owner/repo',
    file: 'UD/f-00001-of-00002.gguf',
  })
  assert.deepEqual(read('hf:owner/repo'), { from: 'hub-repo', repo: 'owner/repo', quantisation: null })
  assert.deepEqual(read('hf:owner/repo:Q5_K_M'), { from: 'hub-repo', repo: 'owner/repo', quantisation: 'Q5_K_M' })
  assert.deepEqual(read('https://huggingface.co/o/r/blob/main/a.gguf'), { from: 'hub', repo: 'o/r', file: 'a.gguf' })
  assert.deepEqual(read('ollama:qwen3:4b'), { from: 'ollama', name: 'qwen3:4b' })
  assert.deepEqual(read('ollama:hf.co/o/r:Q4_K_M'), { from: 'ollama', name: 'hf.co/o/r:Q4_K_M' })
  assert.deepEqual(read('https://host/a.gguf#x'), { from: 'url', url: 'https://host/a.gguf' })
  assert.deepEqual(read('/data/a.gguf'), { from: 'path', path: '/data/a.gguf' })
  assert.deepEqual(read('~/a.gguf'), { from: 'path', path: '/home/me/a.gguf' })
})

it('refuses what it cannot get, and says why', () => {
  const table: [string, RegExp][] = [
    ['qwen99', /catalogue has no such name/],
    ['owner/repo', /write hf:owner\/repo/],
    ['hf:repo', /hf:owner\/name/],
    ['hf:owner/../etc/passwd.gguf', /hf:owner\/name/],
    ['hf:owner/repo/.hidden.gguf', /hf:owner\/name/],
    ['hf:owner/repo/a%2Fb.gguf', /hf:owner\/name/],
    ['hf:owner/repo/model.safetensors', /only \.gguf/],
    ['hf:owner/repo:Q4 K', /quantisation/],
    ['ollama:', /no name of an Ollama model/],
    ['ollama:a b', /no name of an Ollama model/],
    ['ollama:../../x', /no name of an Ollama model/],
    ['https://user:secret@host/a.gguf', /name or password/],
    ['ftp://host/a.gguf', /only http and https/],
    ['file:///etc/passwd', /only http and https/],
    ['http://', /no address/],
    ['./a.gguf', /must begin at the root/],
    ['a\u0000b', /cannot be seen/],
    ['https://huggingface.co/o/r/blob/main/%E0%A4%A.gguf', /hf:owner\/name/],
  ]
  for (const [what, why] of table)
    assert.throws(
      () => read(what),
      (cause) => cause instanceof Fault && cause.code === 'pull.invalid' && why.test(cause.message),
      what,
    )
})

it('makes a name out of anything that comes from outside, and never a path', () => {
  const table: [string, string | null][] = [
    ['model.gguf', 'model.gguf'],
    ['../../etc/passwd', 'passwd.gguf'],
    ['..\\..\\boot.ini', 'boot.ini.gguf'],
    ['a\u0000b.gguf', 'a-b.gguf'],
    ['...gguf', 'gguf.gguf'],
    ['..', null],
    ['', null],
    ['-rf.gguf', 'rf.gguf'],
    ['Modell ü.GGUF', 'Modell.gguf'],
    ['x'.repeat(400), `${'x'.repeat(150)}.gguf`],
  ]
  for (const [outside, name] of table) assert.equal(fileNameOf(outside), name, outside)
})

it('knows all the parts of a split model by any of them', () => {
  assert.deepEqual(partsOf('m-00002-of-00003.gguf'), [
    'm-00001-of-00003.gguf',
    'm-00002-of-00003.gguf',
    'm-00003-of-00003.gguf',
  ])
  assert.equal(modelName('m-00002-of-00003.gguf'), 'm')
  assert.deepEqual(
    [partsOf('m-00001-of-00001.gguf'), modelName('m-00001-of-00001.gguf')],
    [['m-00001-of-00001.gguf'], 'm'],
  )
  for (const file of [
    'm.gguf',
    'm-1-of-3.gguf',
    'm-00001-of-00000.gguf',
    'm-00004-of-00003.gguf',
    'm-00001-of-99999.gguf',
  ])
    assert.deepEqual([partsOf(file), modelName(file)], [[file], file.slice(0, -5)])
})

it('chooses of a repository what most people would take, or what was named, and neither eyes nor later parts', () => {
  const files = (...paths: string[]) => paths.map((path) => ({ path, size: 1, sha256: undefined }))
  const choose = (quantisation: string | null, ...paths: string[]) =>
    chooseFile(files(...paths), quantisation)?.path ?? null
  const many = ['m-Q2_K.gguf', 'm-UD-Q4_K_M.gguf', 'm-Q4_K_M.gguf', 'm-Q8_0.gguf', 'mmproj-m-Q4_K_M.gguf']
  assert.equal(choose(null, ...many), 'm-Q4_K_M.gguf')
  assert.equal(choose('q8_0', ...many), 'm-Q8_0.gguf')
  assert.equal(choose('UD-Q4_K_M', ...many), 'm-UD-Q4_K_M.gguf')
  assert.equal(choose('Q6_K', ...many), null)
  assert.equal(choose('Q4_K', ...many), null)
  assert.equal(choose(null, 'mmproj-f16.gguf', 'only-IQ1_S.gguf'), 'only-IQ1_S.gguf')
  assert.equal(choose(null, 'mmproj-f16.gguf', 'm.imatrix.gguf'), null)
  const split = ['Q4_K_M/m-Q4_K_M-00002-of-00002.gguf', 'Q4_K_M/m-Q4_K_M-00001-of-00002.gguf']
  assert.equal(choose(null, ...split), 'Q4_K_M/m-Q4_K_M-00001-of-00002.gguf')
  assert.equal(choose(null), null)
  const hub = { url: 'https://hub/', token: undefined }
  assert.deepEqual(
    filesOf(hub, 'o/r', split[1] ?? '', []).map(({ url }) => url),
    [split[1], split[0]].map((path) => `https://hub/o/r/resolve/main/${path}`),
  )
})

it('has a catalogue whose every entry can be pulled, whose names are all different, and which is ordered by size', () => {
  for (const { id, sources, bytes, memory, sha256, exact } of CATALOGUE) {
    const plan = planOf(` ${id.toUpperCase()} `, CATALOGUE, '/home/me')
    assert.equal(plan.what, id)
    assert.equal(plan.sources.length, sources.length)
    assert.match(plan.name, /^[\w.-]+$/)
    assert.ok(memory > bytes, id)
    assert.ok(sha256 === undefined || (exact && /^[0-9a-f]{64}$/.test(sha256)), id)
  }
  assert.equal(new Set(CATALOGUE.map(({ id }) => planOf(id, CATALOGUE, '/').name)).size, CATALOGUE.length)
  const sizes = CATALOGUE.map(({ bytes }) => bytes)
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  )
})
