import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelInfo } from '../wire/model.ts'
import { unknownModel } from './look.ts'
import { fulfils, parseWish } from './wish.ts'

const model = (about: Partial<ModelInfo>): ModelInfo => ({
  ...unknownModel('qwen3:latest', { name: 'box', kind: 'ollama', url: 'http://box' }),
  ...about,
})

test('capabilities are read whole, or the preference is a name', () => {
  for (const text of [
    'tools',
    'tools+vision',
    'context>=32k',
    'size<=4GB',
    ' thinking + context >= 8000',
    'size<=1.5gb',
  ])
    assert.notEqual(parseWish(text).needs, null, text)
  for (const text of [
    'qwen3',
    'tools+',
    '+tools',
    'tools+fast',
    'context>32k',
    'context>=32q',
    'size<=4k',
    'Tools',
    '',
    'a/b',
  ])
    assert.equal(parseWish(text).needs, null, text)
})

test('a capability is fulfilled by what is told, and never by what is not', () => {
  const cases: [string, Partial<ModelInfo>, boolean][] = [
    ['tools', { tools: true }, true],
    ['tools', { tools: null }, false],
    ['tools', { tools: false }, false],
    ['tools+thinking', { tools: true }, false],
    ['tools+thinking', { tools: true, thinking: true }, true],
    ['context>=32k', { context: 32_768 }, true],
    ['context>=32k', { context: 32_000 }, true],
    ['context>=32k', { context: 8192 }, false],
    ['context>=32k', { context: null }, false],
    ['size<=4GB', { bytes: 4e9 }, true],
    ['size<=4GB', { bytes: 4.1e9 }, false],
    ['size<=4GB', { bytes: null }, false],
    ['size>=1GB+vision', { bytes: 2e9, vision: true }, true],
  ]
  for (const [text, about, expected] of cases)
    assert.equal(fulfils(model(about), parseWish(text)), expected, `${text} ${JSON.stringify(about)}`)
})

test('a name fits with and without its endpoint and its :latest', () => {
  for (const text of ['qwen3', 'qwen3:latest', 'box/qwen3', 'box/qwen3:latest'])
    assert.ok(fulfils(model({}), parseWish(text)), text)
  for (const text of ['qwen', 'other/qwen3', 'qwen3:4b']) assert.ok(!fulfils(model({}), parseWish(text)), text)
})
