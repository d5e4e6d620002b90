import assert from 'node:assert/strict'
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile, utimes } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../wire/fault.ts'
import { LOCAL, newProjectId, OwnerId, type ProjectId } from '../wire/id.ts'
import { indexPath } from './index-file.ts'
import { openKit, pdfOf, type Kit } from './testing/kit.ts'

const THEM = OwnerId.parse('somebody else')
const refused = (code: string, why?: RegExp) => (cause: unknown) =>
  cause instanceof Fault && cause.code === code && (why === undefined || why.test(cause.message))

describe('documents', () => {
  let kit: Kit
  const kits: Kit[] = []
  const begin = async (...options: Parameters<typeof openKit>) => {
    kit = await openKit(...options)
    kits.push(kit)
    return kit
  }
  afterEach(() => kit.close())
  after(async () => {
    for (const one of kits) assert.equal(existsSync(one.folder), false)
  })

  test('cost nothing where there is no source: no file, no process, nothing found', async () => {
    await begin()
    assert.deepEqual(await kit.documents.sources(LOCAL, 'all'), [])
    assert.deepEqual(await kit.find('anything at all'), [])
    assert.equal(kit.documents.pid(), undefined)
    assert.equal(existsSync(kit.home), false)
  })

  test('are found by file and by the exact lines, which can be read again with what stands around them', async () => {
    await begin()
    const filler = Array.from({ length: 60 }, (_, i) => `Line ${i + 1} speaks of gardens, and of nothing else.`)
    filler[41] = 'The gate is opened by a marmalade key.'
    await kit.write('notes/garden.md', filler.join('\n'))
    await kit.write('other.txt', 'Nothing of interest.')
    const source = await kit.indexed()
    assert.deepEqual([source.state, source.files, source.skipped], ['ready', 2, []])
    const [passage] = await kit.find('Which key opens the gate? marmalade')
    assert.ok(passage)
    assert.equal(passage.path, 'notes/garden.md')
    assert.deepEqual(passage.by, ['words'])
    assert.equal(passage.text, filler.slice(passage.from - 1, passage.to).join('\n'))
    assert.match(passage.text, /marmalade/)
    const read = await kit.documents.read(LOCAL, source.id, { path: passage.path, from: 42, lines: 2 })
    assert.deepEqual(read, { text: filler.slice(41, 43).join('\n'), from: 42, lines: 2, total: 60 })
    await assert.rejects(
      kit.documents.read(LOCAL, source.id, { path: 'missing.md', from: 1, lines: 1 }),
      refused('document.missing'),
    )
  })

  test('a greeting, and what nothing of it stands in, finds nothing; the same question always the same', async () => {
    await begin()
    for (let i = 0; i < 30; i++)
      await kit.write(
        `${i}.md`,
        `# Chapter ${i}\n\nTurbines ${`of a${i} like b${i} with c${i} to d${i} and e${i}, `.repeat(2)} need oil.`,
      )
    await kit.indexed()
    for (const text of ['Hello, how are you?', 'Thanks!', 'Hallo, wie geht es dir?', '', '???', 'the of and'])
      assert.deepEqual(await kit.find(text), [], text)
    assert.deepEqual(await kit.find('Compose a limerick on marriage, penguins and turbines'), [])
    const first = await kit.find('turbine oil')
    assert.equal(first.length, 8)
    assert.deepEqual(await kit.find('turbine oil'), first)
    assert.equal((await kit.find('turbine oil', 3)).length, 3)
  })

  test('a PDF is found by its page, and by the lines of that page', async () => {
    await begin()
    await kit.write(
      'manual.pdf',
      pdfOf(['First page\nof a manual', 'Second page\nTighten the flywheel bolt\nwith 40 Nm']),
    )
    const source = await kit.indexed('manual.pdf')
    assert.deepEqual([source.state, source.files], ['ready', 1])
    const [passage] = await kit.find('flywheel bolt')
    assert.deepEqual(
      [passage?.path, passage?.page, passage?.from, passage?.text.split('\n')[1]],
      ['manual.pdf', 2, 1, 'Tighten the flywheel bolt'],
    )
    const read = await kit.documents.read(LOCAL, source.id, { path: '', page: 2, from: 3, lines: 9 })
    assert.deepEqual([read.text, read.total], ['with 40 Nm', 3])
  })

  test('UTF-16, other ends of lines and names in programs are read; what is no text is not', async () => {
    await begin()
    await kit.write(
      'wide.txt',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Der Käse heißt Weißlacker.', 'utf16le')]),
    )
    await kit.write('old.txt', 'one\r\ntwo\r\nthe periwinkle\r\n')
    await kit.write('program.ts', 'export function retryDelay(attempt: number): number {\n  return 2 ** attempt\n}\n')
    await kit.write('picture.data', Buffer.from([1, 2, 0, 4, 5]))
    await kit.write('latin.txt', Buffer.from('Gr\xfc\xdfe', 'latin1'))
    const source = await kit.indexed()
    assert.equal(source.files, 3)
    assert.deepEqual(
      source.skipped.map(({ path }) => path),
      ['latin.txt', 'picture.data'],
    )
    assert.equal((await kit.find('weisslacker kase'))[0]?.path ?? (await kit.find('Weißlacker'))[0]?.path, 'wide.txt')
    assert.deepEqual([(await kit.find('periwinkle'))[0]?.from, (await kit.find('periwinkle'))[0]?.to], [1, 3])
    assert.equal((await kit.find('delay of a retry'))[0]?.path, 'program.ts')
  })

  test('what is hidden, made by tools, ignored by git, secret, linked or PKN’s own is left alone', async () => {
    await begin()
    for (const path of ['.env', '.git/config', 'node_modules/a/readme.md', 'build/out.md', 'keep/server.pem', 'a.log'])
      await kit.write(path, 'platypus')
    await kit.write('.gitignore', '# made\nbuild/\n*.log\n!important.log\n')
    await kit.write('important.log', 'platypus')
    await mkdir(kit.home, { recursive: true })
    await writeFile(join(kit.folder, 'outside.md'), 'platypus')
    await symlink(join(kit.folder, 'outside.md'), join(kit.root, 'out.md'))
    await symlink('..', join(kit.root, 'keep', 'loop'))
    const source = await kit.indexed()
    const found = await kit.find('platypus')
    assert.deepEqual(
      found.map(({ path }) => path),
      ['important.log'],
    )
    assert.deepEqual(source.skipped, [{ path: 'out.md', why: 'It is a link that leads out of the folder.' }])
    await assert.rejects(kit.documents.add(LOCAL, kit.home, null), refused('source.refused', /own/))
    await assert.rejects(kit.documents.add(LOCAL, '/', null), refused('source.refused', /whole machine/))
    await assert.rejects(kit.documents.add(LOCAL, '/proc', null), refused('source.refused', /system/))
    await assert.rejects(kit.documents.add(LOCAL, 'documents', null), refused('source.refused', /absolute/))
    await assert.rejects(
      kit.documents.add(LOCAL, join(kit.root, 'none'), null),
      refused('source.refused', /nothing is there/),
    )
    const all = await kit.documents.add(LOCAL, kit.folder, null)
    await kit.until(({ id, state }) => id !== all.id && state === 'ready')
    await kit.find('platypus')
    assert.deepEqual((await kit.documents.sources(LOCAL, null)).map(({ state }) => state).includes('failed'), false)
  })

  test('a file that is huge, a folder that is deep and more files than there may be are said, and the rest is found', async () => {
    await begin({ bounds: { walk: { files: 30, bytes: 5_000_000, deepest: 40 } } })
    await kit.write('0-vast.txt', 'begins like a text')
    await truncate(join(kit.root, '0-vast.txt'), 1024 ** 3)
    await kit.write(`1/${'d/'.repeat(60)}deep.md`, 'okapi')
    for (let i = 0; i < 40; i++) await kit.write(`many/${String(i).padStart(2, '0')}.md`, `okapi ${i}`)
    const source = await kit.indexed()
    const why = source.skipped.map((one) => `${one.path.slice(0, 12)}: ${one.why}`).join('\n')
    assert.match(why, /0-vast\.txt: It (is larger than 5 MB|is no text)/)
    assert.match(why, /1\/d\/d.*more than 40 folders deep/)
    assert.match(why, /many\/29\.md: There are more than 30 files/)
    assert.equal(source.files, 29)
    assert.ok((await kit.find('okapi')).length > 0)
  })

  test('what changes is indexed anew by itself, what is gone leaves, and what is the same is not read again', async () => {
    await begin()
    await kit.write('a.md', 'aardvark')
    await kit.write('b.md', 'bandicoot')
    await kit.indexed()
    await rm(join(kit.root, 'b.md'))
    await kit.write('new/c.md', 'capybara')
    const { indexed } = await kit.until(({ files, state }) => state === 'ready' && files === 2)
    for (let i = 0; (await kit.find('capybara')).length === 0 && i < 500; i++)
      await kit.until(({ state }) => state === 'ready')
    assert.deepEqual(await kit.find('bandicoot'), [])
    // The time of a file alone is no change of it.
    await utimes(join(kit.root, 'a.md'), new Date(), new Date())
    await kit.until((source) => source.state === 'ready' && source.indexed !== indexed)
    assert.equal((await kit.find('aardvark')).length, 1)
    // What changed while nobody looked is seen with the next start.
    await kit.documents.close()
    await kit.write('a.md', 'axolotl')
    await kit.restart()
    await kit.until(({ state }) => state === 'ready')
    assert.deepEqual(await kit.find('aardvark'), [])
    assert.equal((await kit.find('axolotl')).length, 1)
  })

  test('a folder that is gone is missing, and what was indexed of it is still found', async () => {
    await begin()
    await kit.write('a.md', 'wombat')
    const { id } = await kit.indexed()
    // At once: who looks while its files go one by one sees a folder that is empty.
    await rename(kit.root, `${kit.root}-gone`)
    await kit.documents.again(LOCAL, id)
    const source = await kit.until(({ state }) => state === 'missing')
    assert.equal(source.files, 1)
    assert.equal((await kit.find('wombat')).length, 1)
  })

  test('a source survives the loss of its index, and of all that can be made again', async () => {
    await begin()
    await kit.write('a.md', 'quokka')
    const { id } = await kit.indexed()
    await kit.documents.close()
    await rm(join(kit.home, 'cache'), { recursive: true })
    await kit.restart()
    await kit.until((source) => source.state === 'ready' && source.id === id)
    assert.equal((await kit.find('quokka')).length, 1)
    for (const damage of ['this is no database', null]) {
      await kit.documents.close()
      const path = indexPath(kit.home)
      const bytes = await readFile(path)
      await writeFile(path, damage ?? bytes.fill(0xa5, 4096))
      await kit.restart()
      await kit.until((source) => source.state === 'ready' && source.files === 1)
      assert.equal((await kit.find('quokka')).length, 1)
    }
  })

  test('a list of sources that cannot be read is put aside and never written over', async () => {
    await begin()
    await mkdir(kit.home, { recursive: true })
    await writeFile(join(kit.home, 'documents.json'), '{"version": 1, "sour')
    await kit.restart()
    assert.deepEqual(await kit.documents.sources(LOCAL, 'all'), [])
    await kit.write('a.md', 'numbat')
    await kit.indexed()
    const aside = readdirSync(kit.home).find((name) => name.startsWith('documents.json.damaged-'))
    assert.match(await readFile(join(kit.home, aside ?? ''), 'utf8'), /"sour$/)
  })

  test('reach whom they are for: an owner, a project; and go with it an hour after it', async () => {
    const gone = new Set<ProjectId>()
    let wall = Date.now()
    const { systemClock } = await import('../clock.ts')
    await begin({
      clock: { ...systemClock, wall: () => wall },
      hasProject: async (owner, project) => owner === LOCAL && !gone.has(project),
    })
    const [one, other] = [newProjectId(), newProjectId()]
    await kit.write('mine/a.md', 'kookaburra of everywhere')
    await kit.write('one/b.md', 'kookaburra of a project')
    const none = new AbortController().signal
    await kit.documents.add(LOCAL, join(kit.root, 'mine'), null)
    const { id } = await kit.documents.add(LOCAL, join(kit.root, 'one'), one)
    assert.equal((await kit.documents.add(LOCAL, join(kit.root, 'one'), one)).id, id)
    await assert.rejects(kit.documents.add(THEM, kit.root, one), refused('project.missing'))
    await kit.until(({ state }) => state === 'ready')
    while ((await kit.documents.sources(LOCAL, one))[0]?.state !== 'ready') await pause(20)
    const paths = async (owner: OwnerId, project: ProjectId | null) =>
      (await kit.documents.find(owner, project, 'kookaburra', 9, none)).map(({ path }) => path).toSorted()
    assert.deepEqual(await paths(LOCAL, null), ['a.md'])
    assert.deepEqual(await paths(LOCAL, one), ['a.md', 'b.md'])
    assert.deepEqual(await paths(LOCAL, other), ['a.md'])
    assert.deepEqual(await paths(THEM, one), [])
    assert.deepEqual(await kit.documents.sources(THEM, 'all'), [])
    for (const touch of [
      () => kit.documents.again(THEM, id),
      () => kit.documents.remove(THEM, id),
      () => kit.documents.read(THEM, id, { path: 'b.md', from: 1, lines: 1 }),
    ])
      await assert.rejects(touch, refused('source.missing'))
    gone.add(one)
    assert.equal((await kit.documents.sources(LOCAL, 'all')).length, 1)
    assert.deepEqual(await paths(LOCAL, one), ['a.md'])
    await assert.rejects(kit.documents.again(LOCAL, id), refused('source.missing'))
    await assert.rejects(kit.documents.read(LOCAL, id, { path: 'b.md', from: 1, lines: 1 }), refused('source.missing'))
    await kit.restart()
    await kit.documents.sources(LOCAL, 'all')
    gone.delete(one) // it was restored
    assert.equal((await kit.documents.sources(LOCAL, one)).length, 1)
    gone.add(one)
    for (const hours of [0, 2]) {
      wall += hours * 3_600_000
      await kit.restart()
      await kit.documents.sources(LOCAL, 'all')
    }
    gone.delete(one)
    for (let i = 0; (await kit.documents.sources(LOCAL, one)).length > 0 && i < 200; i++) await pause(20)
    assert.deepEqual(await kit.documents.sources(LOCAL, one), [])
  })

  test('a source that is removed is found no more, and its files stay', async () => {
    await begin()
    await kit.write('a.md', 'echidna')
    const { id } = await kit.indexed()
    await kit.documents.remove(LOCAL, id)
    assert.deepEqual([await kit.find('echidna'), await kit.documents.sources(LOCAL, 'all')], [[], []])
    await assert.rejects(kit.documents.remove(LOCAL, id), refused('source.missing'))
    assert.equal(await readFile(join(kit.root, 'a.md'), 'utf8'), 'echidna')
  })

  test('what says the same is told once', async () => {
    await begin()
    const text = 'The dugong eats sea grass, forty kilograms of it each day, and sleeps at the surface of the bay.'
    for (const copy of ['a', 'b', 'c']) await kit.write(`${copy}.md`, copy === 'c' ? `${text} Always.` : text)
    await kit.write(
      'd.md',
      'A dugong is no manatee: its tail is that of a whale, and its snout bends down. It eats other things.',
    )
    await kit.indexed()
    assert.deepEqual((await kit.find('dugong eats')).map(({ path }) => path).length, 2)
  })
})
