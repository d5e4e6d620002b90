import assert from 'node:assert/strict'
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { deflateSync } from 'node:zlib'
import { LOCAL } from '../wire/id.ts'
import { readBytes } from './read-document.ts'
import { openKit, pdfOf, pdfWith, type Kit } from './testing/kit.ts'

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Half a megabyte that unpacks to a hundred of drawing, which takes minutes. */
function endlessPdf(): Buffer {
  const drawing = [Buffer.from('BT /F1 12 Tf 14 TL 72 720 Td\n'), Buffer.alloc(100_000_000, '(ab cd) Tj T*\n')]
  return pdfWith([{ filter: '/Filter /FlateDecode', bytes: deflateSync(Buffer.concat(drawing), { level: 1 }) }])
}

describe('documents that mean no good', () => {
  let kit: Kit
  afterEach(() => kit.close())

  test('a PDF without end costs itself alone, is named, and is not tried again until it changes', async () => {
    kit = await openKit({ bounds: { silentMs: 5000 } })
    await kit.write('a.md', 'the first tapir')
    await kit.write('b.pdf', endlessPdf())
    await kit.write('c.md', 'the last tapir')
    const source = await kit.indexed()
    assert.deepEqual(
      [source.state, source.files, source.skipped],
      ['ready', 2, [{ path: 'b.pdf', why: 'It took longer than 5 s to read.' }]],
    )
    assert.equal((await kit.find('tapir')).length, 2)
    await kit.documents.again(LOCAL, source.id)
    const again = await kit.until(({ state, indexed }) => state === 'ready' && indexed !== source.indexed)
    assert.equal(kit.lines.filter(({ text }) => text.includes('b.pdf')).length, 1)
    assert.deepEqual(again.skipped, source.skipped)
    await kit.restart()
    await kit.until(({ state }) => state === 'ready')
    assert.equal(kit.lines.filter(({ text }) => text.includes('b.pdf')).length, 1)
    await kit.write('b.pdf', pdfOf(['a harmless tapir']))
    await kit.documents.again(LOCAL, source.id)
    await kit.until(({ state, files }) => state === 'ready' && files === 3)
    assert.equal((await kit.find('harmless tapir'))[0]?.path, 'b.pdf')
  })

  test('a PDF that is broken, cut short, or holds no text is named with the reason', async () => {
    kit = await openKit()
    const good = pdfOf(['some text'])
    await kit.write('a.pdf', Buffer.concat([good.subarray(0, 60), Buffer.from(' startxref 999999 %%EOF')]))
    await kit.write('b.pdf', '%PDF-1.7\n')
    await kit.write('c.pdf', pdfOf(['']))
    await kit.write('d.pdf', good.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7'))
    const source = await kit.indexed()
    assert.deepEqual(
      source.skipped.map(({ path, why }) => `${path} ${why}`),
      [
        'a.pdf It is damaged, or no PDF that can be read.',
        'b.pdf It is damaged, or no PDF that can be read.',
        'c.pdf It holds no text: its pages may be pictures of pages.',
      ],
    )
    assert.equal((await kit.find('text'))[0]?.path, 'd.pdf')
  })

  test('a link that is put where a source was, or a folder of it, leads nobody to what was never given', async () => {
    kit = await openKit()
    await mkdir(join(kit.home, 'sub'), { recursive: true })
    for (const path of ['a.md', 'sub/a.md']) await writeFile(join(kit.home, path), 'the secret armadillo')
    await kit.write('sub/a.md', 'the first tapir')
    // No file, and one without end: what is to be left out is not read from such.
    await symlink('/dev/zero', join(kit.root, '.gitignore'))
    const source = await kit.indexed()
    const place = join(kit.root, 'sub', 'a.md')
    assert.equal((await readBytes(place)).ok, true)
    await rename(kit.root, `${kit.root}-before`)
    await symlink(kit.home, kit.root)
    assert.deepEqual(await readBytes(place), { ok: false, why: 'It is there no more.', odd: false })
    await kit.documents.again(LOCAL, source.id)
    const gone = await kit.until(({ state }) => state !== 'indexing')
    assert.deepEqual([gone.state, gone.files], ['missing', 1])
    assert.match(gone.why ?? '', /link/)
    assert.deepEqual(await kit.find('secret armadillo'), [])
    await rm(kit.root)
    await rename(`${kit.root}-before`, kit.root)
    await kit.documents.again(LOCAL, source.id)
    await kit.until(({ state }) => state === 'ready')
    assert.equal((await kit.find('tapir')).length, 1)
  })

  test('a process that is killed in the middle is started again, and nothing is missing', async () => {
    kit = await openKit()
    for (let i = 0; i < 300; i++)
      await kit.write(`${i}.md`, `# ${i}\n\n${`A narwhal of kind n${i} swims. `.repeat(40)}`)
    await kit.documents.add(LOCAL, kit.root, null)
    await kit.until(({ done }) => done > 20)
    const pid = kit.documents.pid()
    assert.ok(pid !== undefined)
    process.kill(pid, 'SIGKILL')
    const source = await kit.until(({ state }) => state !== 'indexing')
    assert.deepEqual([source.state, source.files, source.skipped], ['ready', 300, []])
    assert.equal((await kit.find('narwhal n299'))[0]?.path, '299.md')
  })

  test('a file that grows while it is read is in the end indexed as it is', async () => {
    kit = await openKit()
    await kit.write('log.txt', 'begin\n')
    const writing = (async () => {
      for (let i = 0; i < 200; i++) {
        await appendFile(join(kit.root, 'log.txt'), `${'x y z '.repeat(500)} line${i}\n`)
        if (i % 20 === 0) await pause(5)
      }
      await appendFile(join(kit.root, 'log.txt'), 'the pangolin came last')
    })()
    await kit.indexed()
    await writing
    while ((await kit.find('pangolin')).length === 0) await pause(50)
    assert.equal((await kit.documents.sources(LOCAL, 'all'))[0]?.files, 1)
  })

  test('a source that is removed while it is read is given up at once', async () => {
    kit = await openKit({ bounds: { silentMs: 60_000 } })
    await kit.write('b.pdf', endlessPdf())
    const { id } = await kit.documents.add(LOCAL, kit.root, null)
    while (kit.documents.pid() === undefined) await pause(10)
    await pause(300)
    await kit.documents.remove(LOCAL, id)
    await kit.write('else/a.md', 'a calm tapir')
    await kit.indexed('else')
    assert.equal((await kit.find('calm tapir')).length, 1)
  })

  test('to close in the middle leaves no process behind', async () => {
    kit = await openKit({ bounds: { silentMs: 60_000 } })
    await kit.write('b.pdf', endlessPdf())
    await kit.documents.add(LOCAL, kit.root, null)
    await kit.until(({ total }) => total >= 0)
    let pid = kit.documents.pid()
    while (pid === undefined) {
      await pause(10)
      pid = kit.documents.pid()
    }
    await kit.documents.close()
    assert.equal(lives(pid), false)
  })
})
