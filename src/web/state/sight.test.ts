import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import type { AgentName } from '../../wire/id.ts'
import { sight } from './sight.ts'
import { NO_WISH } from './talk.ts'

const model = (name: string, vision: boolean | null, endpoint = 'here'): ModelInfo => ({
  name,
  endpoint,
  context: null,
  tools: null,
  thinking: null,
  vision,
  bytes: null,
  practice: false,
  loaded: null,
  speed: null,
})
const endpoint = (name: string, local: boolean, models: ModelInfo[]): EndpointInfo => ({
  name,
  kind: 'llama',
  url: `http://${name}:1/v1`,
  state: 'up',
  since: '2026-01-01T00:00:00.000Z',
  why: null,
  slots: 1,
  busy: 0,
  waiting: 0,
  local,
  models,
})
const machine = (endpoints: EndpointInfo[], agents: { name: string; models: string[] }[] = []) => ({
  known: true,
  model: endpoints[0]!.models[0]!.name,
  endpoints,
  models: endpoints.flatMap(({ models }) => models),
  agents,
})

describe('whether a picture is seen', () => {
  it('is so by a model that says it sees', () => {
    assert.deepEqual(sight(machine([endpoint('here', true, [model('a', true)])]), NO_WISH), { state: 'seen' })
  })
  it('is not so by one that says it does not, and one that does is offered, those of this machine first', () => {
    const far = endpoint('far', false, [model('z', true, 'far')])
    const here = endpoint('here', true, [model('a', false), model('b', true)])
    const seen = sight(machine([far, here]), { agent: null, model: 'here/a' })
    assert.deepEqual(seen, { state: 'blind', model: 'a', by: { wish: 'here/b', name: 'b', remote: null } })
    const only = sight(machine([endpoint('here', true, [model('a', false)]), far]), NO_WISH)
    assert.deepEqual(only, { state: 'blind', model: 'a', by: { wish: 'far/z', name: 'z', remote: 'far:1' } })
  })
  it('is so by nobody where no model sees', () => {
    const here = endpoint('here', true, [model('a', false)])
    assert.deepEqual(sight(machine([here]), NO_WISH), { state: 'blind', model: 'a', by: null })
  })
  it('is not known where a model of this machine does not tell, until the user names it', () => {
    const here = machine([endpoint('here', true, [model('a', null)])])
    assert.deepEqual(sight(here, NO_WISH), { state: 'unknown', model: 'a', wish: 'here/a' })
    assert.deepEqual(sight(here, { agent: null, model: 'here/a' }), { state: 'seen' })
  })
  it('is asked of the model that the chosen agent prefers', () => {
    const here = endpoint('here', true, [model('a', false), model('b', true)])
    const agent = 'coder' as AgentName
    assert.deepEqual(sight(machine([here], [{ name: agent, models: ['b'] }]), { agent, model: null }), {
      state: 'seen',
    })
  })
})
