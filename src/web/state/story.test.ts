import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RunEvent } from '../../wire/event.ts'
import { fault } from '../../wire/fault.ts'
import { newRunId, offset } from '../../wire/id.ts'
import { beginView, hear, type Heard } from './run-view.ts'
import { stoppedWords, triedAgain } from './story.ts'

const storyOf = (...events: RunEvent[]) =>
  events.reduce<Heard>(
    (heard, event, i) => hear(heard, { at: offset(i + 1), t: i * 100, event }),
    beginView(newRunId(), 0),
  ).story
const texts = (...events: RunEvent[]) => storyOf(...events).happenings.map(({ text }) => text)

describe('how an answer came about', () => {
  it('tells what was passed over, and why', () => {
    assert.deepEqual(
      texts(
        { type: 'endpoint.skip', endpoint: 'llama.cpp', why: 'down since 14:03, connection refused' },
        { type: 'endpoint.skip', endpoint: 'engine', model: 'big', why: 'it has no tools.' },
        { type: 'endpoint.skip', endpoint: '-', model: 'gone', why: 'no endpoint has a model of that name' },
        { type: 'endpoint.skip', endpoint: '-', why: 'no model is known to have tools' },
      ),
      [
        'llama.cpp was passed over: down since 14:03, connection refused.',
        'The engine (big) was passed over: it has no tools.',
        'gone was passed over: no endpoint has a model of that name.',
        'No model is known to have tools.',
      ],
    )
  })
  it('keeps what failed, though the draft forgets it, and how it was gone on with', () => {
    const cut = fault('engine.cut', { endpoint: 'llama.cpp' })
    assert.deepEqual(
      texts(
        { type: 'step.start', step: 1, model: 'qwen3', endpoint: 'llama.cpp' },
        { type: 'text.delta', text: 'half' },
        { type: 'step.end', step: 1, finish: 'failed', fault: cut },
        { type: 'step.continue', step: 1, model: 'llama3', endpoint: 'ollama', by: 'prefill', kept: 312 },
      ),
      [
        'qwen3 was asked at llama.cpp.',
        'That failed: llama.cpp closed the connection before the answer was complete.',
        'Continued at ollama with llama3, by prefill, after 312 characters.',
      ],
    )
  })
  it('never forgets that words left the machine, whoever answered in the end', () => {
    const story = storyOf(
      { type: 'step.start', step: 1, model: 'big', endpoint: 'cloud', remote: 'api.example.com' },
      { type: 'step.end', step: 1, finish: 'failed' },
      { type: 'step.start', step: 1, model: 'small', endpoint: 'ollama' },
    )
    assert.deepEqual(story.remotes, ['api.example.com'])
    assert.equal(triedAgain(story), 'It failed at cloud; it was asked at ollama instead.')
  })
  it('does not grow when the same entry is heard again', () => {
    const event: RunEvent = { type: 'endpoint.skip', endpoint: 'a', why: 'down' }
    const once = hear(beginView(newRunId(), 0), { at: offset(1), t: 0, event })
    assert.equal(hear(once, { at: offset(1), t: 0, event }), once)
  })
  it('says how a stop went as far as that is known', () => {
    assert.equal(stoppedWords({ ms: 204, upstream: 'idle' }, 'llama.cpp'), '204 ms; llama.cpp is idle')
    assert.equal(stoppedWords({ ms: 20, upstream: 'closed' }, 'x'), '20 ms; the connection is closed')
    assert.equal(
      stoppedWords({ ms: 2100, upstream: 'busy' }, 'engine'),
      '2.1 s; the engine is told, and still reads a batch',
    )
    assert.equal(stoppedWords({ ms: 1, upstream: 'none' }, null), '1 ms; no model was at work')
  })
})
