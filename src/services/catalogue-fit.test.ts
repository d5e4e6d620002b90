import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { CATALOGUE } from './catalogue.ts'
import { judge } from './catalogue-fit.ts'
import { lookAtMachine } from './machine.ts'

const GIB = 1024 ** 3
const machine = (memory: number, cores: number, over: { gpu?: number; disk?: number } = {}) => ({
  memory: memory * GIB,
  cores,
  disk: (over.disk ?? 500) * GIB,
  gpu: over.gpu === undefined ? null : { name: 'a card', memory: over.gpu * GIB },
})
const recommended = (...given: Parameters<typeof machine>) =>
  judge(CATALOGUE, machine(...given), () => false)
    .filter((model) => model.recommended)
    .map(({ id }) => id)
    .join()

it('recommends for each machine exactly one model that fits it and is quick enough to talk to, or none', () => {
  const table: [ReturnType<typeof recommended>, ...Parameters<typeof machine>][] = [
    ['', 0.5, 1],
    ['smollm2-135m', 1, 1],
    ['smollm2-135m', 2, 4],
    ['qwen3-0.6b', 4, 1],
    ['qwen3-0.6b', 4, 4],
    ['gemma-4-e2b', 8, 3],
    ['qwen3.5-4b', 8, 4],
    ['qwen3.5-2b', 24, 2],
    ['gemma-4-e4b', 16, 6],
    ['ministral-3-8b', 16, 8],
    ['qwen3.5-9b', 32, 12],
    ['qwen3.5-9b', 32, 16],
    ['qwen3.5-4b', 8, 4, { gpu: 6 }],
    ['gemma-4-12b', 32, 8, { gpu: 12 }],
    ['gpt-oss-20b', 32, 8, { gpu: 16 }],
    ['gemma-4-26b-a4b', 64, 8, { gpu: 24 }],
    ['smollm2-135m', 32, 8, { disk: 1.2 }],
    ['', 32, 8, { disk: 0.5 }],
  ]
  for (const [id, ...given] of table) assert.equal(recommended(...given), id, JSON.stringify(given))
})

it('says of each model whether it fits well, tightly or not at all', () => {
  const fits = (...given: Parameters<typeof machine>) =>
    judge(CATALOGUE, machine(...given), (model) => model.id === 'qwen3.6-35b-a3b').map((m) => `${m.id} ${m.fits}`)
  const eight = fits(8, 4)
  assert.ok(eight.includes('qwen3.5-4b well'))
  assert.ok(eight.includes('gemma-4-e4b tightly'))
  assert.ok(eight.includes('qwen3.5-9b no'))
  // What is here already needs no room on the disk.
  const full = fits(64, 8, { disk: 0 })
  assert.ok(full.includes('qwen3.6-35b-a3b well'))
  assert.ok(full.includes('smollm2-135m no'))
})

it('finds out what this machine is, also when the folder for models is not there yet', async () => {
  const found = await lookAtMachine(join(tmpdir(), 'not', 'there', 'yet'))
  assert.ok(found.memory > GIB / 4 && found.disk > 0 && found.cores >= 1)
})

it('estimates how fast a model would write: more with more cores, less the larger it is, and nothing for a graphics card', () => {
  const write = (id: string, ...given: Parameters<typeof machine>) =>
    judge(CATALOGUE, machine(...given), () => false).find((model) => model.id === id)?.write ?? null
  assert.ok(write('qwen3.5-4b', 16, 8)! > write('qwen3.5-4b', 16, 4)!)
  assert.ok(write('qwen3.5-2b', 16, 4)! > write('qwen3.5-9b', 16, 4)!)
  assert.ok(write('qwen3.6-35b-a3b', 64, 8)! > write('qwen3.6-27b', 64, 8)!, 'only a part of it is read for a token')
  assert.ok(write('qwen3.5-4b', 16, 64)! < 30, 'many cores share the memory')
  assert.equal(write('qwen3.5-4b', 16, 8, { gpu: 12 }), null)
  assert.ok(write('qwen3.6-27b', 64, 8, { gpu: 8 })! > 0, 'what does not fit into the card is read by the processor')
})
