import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { Fault } from '../wire/fault.ts'
import { openEmbedder, orAborted, type Embedding } from './embed.ts'
import { sharedQuestions } from './embed-shared.ts'
import { isEmbedding, prefixed } from './embed-prefix.ts'
import type { EndpointSpec } from './look.ts'
import { embedServer, type EmbedServer } from './testing/embed-server.ts'

const none = new AbortController().signal
const open = (configured: EndpointSpec[], embedding?: Embedding, usual: EndpointSpec[] = []) =>
  openEmbedder({ embedding, endpoints: { configured, usual }, clock: systemClock })
const using = async (server: EmbedServer, work: () => Promise<void>) => {
  try {
    await work()
  } finally {
    await server.close()
  }
}
const failed = (code: string) => (cause: unknown) => cause instanceof Fault && cause.code === code

describe('an embedding model', () => {
  for (const kind of ['openai', 'ollama'] as const)
    test(`is found by itself in the dialect of ${kind}, and its vectors are of length 1 and in order`, async () => {
      const server = await embedServer((text) => [text.length, 0, 3])
      await using(server, async () => {
        const embedder = open([], undefined, [{ name: 'near', kind, url: server.url }])
        assert.deepEqual(await embedder.model(none), { name: server.model, endpoint: 'near' })
        const texts = Array.from({ length: 37 }, (_, i) => 'x'.repeat(i))
        const vectors = await embedder.embed(texts, 'passage', none)
        assert.equal(vectors.length, 37)
        for (const [i, vector] of vectors.entries()) {
          assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6)
          assert.ok(Math.abs(vector[0]! / vector[2]! - (i + 'search_document: '.length) / 3) < 1e-4)
        }
        assert.deepEqual(
          server.asked.map(({ input }) => input.length),
          [16, 16, 5],
        )
        await embedder.embed(['why'], 'question', none)
        assert.deepEqual(server.asked.at(-1)?.input, ['search_query: why'])
      })
    })

  test('is never looked for out of the house, and is taken from there where it is named', async () => {
    const far: EndpointSpec = { name: 'far', kind: 'openai', url: 'https://models.example.com/v1' }
    assert.equal(await open([far]).model(none), null)
    const server = await embedServer(() => [1])
    await using(server, async () => {
      // A name with dots counts as public; this one leads here.
      const named: EndpointSpec = { name: 'named', kind: 'openai', url: `${server.url}/v1`, key: 'the-key' }
      const embedder = open([far, named], { endpoint: 'named', model: 'whatever-v2' })
      assert.deepEqual(await embedder.model(none), { name: 'whatever-v2', endpoint: 'named' })
      await embedder.embed(['a'], 'passage', none)
      assert.deepEqual(server.asked.at(-1), { path: '/v1/embeddings', input: ['a'], key: 'Bearer the-key' })
      const byUrl = open([], { endpoint: server.url })
      assert.equal((await byUrl.model(none))?.name, server.model)
    })
  })

  test('that fails, or gives what is no vector, is a fault and nothing else', async () => {
    const answers: [unknown, string][] = [
      [[], 'engine.garbled'],
      ['no list', 'engine.garbled'],
      [[1, null], 'engine.garbled'],
      [[0, 0], 'engine.garbled'],
      [[1e308, 1e308], 'engine.garbled'],
    ]
    for (const [vector, code] of answers) {
      const server = await embedServer(() => vector)
      await using(server, () =>
        assert.rejects(open([], { endpoint: server.url }).embed(['a'], 'question', none), failed(code), String(vector)),
      )
    }
    let length = 1
    const uneven = await embedServer(() => Array.from({ length: ++length }, () => 1))
    await using(uneven, () =>
      assert.rejects(open([], { endpoint: uneven.url }).embed(['a', 'b'], 'question', none), failed('engine.garbled')),
    )
    const broken = await embedServer(() => [1], { status: 500 })
    await using(broken, () =>
      assert.rejects(open([], { endpoint: broken.url }).embed(['a'], 'question', none), failed('engine.error')),
    )
    await assert.rejects(open([]).embed(['a'], 'question', none), failed('model.none'))
  })

  test('is left when who asked leaves', async () => {
    const server = await embedServer(() => [1])
    await using(server, async () => {
      const embedder = open([], { endpoint: server.url })
      const stop = AbortSignal.abort(new Error('left'))
      await assert.rejects(embedder.embed(['a'], 'question', stop), /left/)
      await assert.rejects(embedder.model(stop), /left/)
    })
  })

  test('is known by its name, and told what it was trained to be told', () => {
    for (const name of [
      'nomic-embed-text',
      'bge-m3',
      'BAAI/bge-small-en-v1.5',
      'multilingual-e5-base',
      'gte-large',
      'mxbai-embed-large',
      'all-MiniLM-L6-v2',
      'Qwen3-Embedding-0.6B-GGUF',
      'jina-embeddings-v3',
      'embeddinggemma',
    ])
      // prettier-ignore
      assert.equal(isEmbedding(name), true, name)
    for (const name of ['qwen3-4b', 'llama-3.2-1b', 'gemma-3-4b', 'phi-4', 'Qwen3-Reranker-Embed', 'mistral-large'])
      assert.equal(isEmbedding(name), false, name)
    assert.equal(prefixed('intfloat/multilingual-e5-base', 'question', 'a'), 'query: a')
    assert.equal(prefixed('intfloat/multilingual-e5-base', 'passage', 'a'), 'passage: a')
    assert.match(prefixed('qwen3-embedding:0.6b', 'question', 'a'), /^Instruct: .*\nQuery:a$/)
    assert.match(prefixed('bge-base-en-v1.5', 'question', 'a'), /^Represent this sentence .*: a$/)
    assert.equal(prefixed('bge-m3', 'question', 'a'), 'a')
    assert.equal(prefixed('something-else', 'passage', 'a'), 'a')
  })
})

test('a question that is asked twice at the same time is measured once, and who leaves takes it from nobody else', async () => {
  const given = Promise.withResolvers<void>()
  const asked: string[][] = []
  const embedder = sharedQuestions({
    model: async () => ({ name: 'a', endpoint: 'near' }),
    embed: async (texts, _, signal) => {
      asked.push([...texts])
      await orAborted(given.promise, signal)
      return texts.map(() => Float32Array.from([1]))
    },
  })
  const leaving = new AbortController()
  const first = embedder.embed(['why'], 'question', leaving.signal)
  const second = embedder.embed(['why'], 'question', none)
  const third = embedder.embed(['why', 'how'], 'passage', none)
  assert.deepEqual(asked, [['why'], ['why', 'how']])
  leaving.abort(new Error('left'))
  await assert.rejects(first, /left/)
  given.resolve()
  assert.deepEqual([(await second).length, (await third).length], [1, 2])
  assert.deepEqual(asked, [['why'], ['why', 'how'], ['why']])
  await embedder.embed(['why'], 'question', none)
  assert.equal(asked.length, 4, 'nothing is kept, since another model may be there by then')
})
