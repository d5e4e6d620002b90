import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import { AgentName } from '../../wire/id.ts'
import { another } from './another.ts'

const model = (name: string): ModelInfo =>
  ({ endpoint: 'here', name, practice: false, loaded: null, context: null }) as ModelInfo // the rest says nothing here
function machine(...names: string[]) {
  const models = names.map(model)
  const endpoint = { name: 'here', kind: 'llama', url: 'http://127.0.0.1:1/v1', local: true, state: 'up', models }
  const agents = ['coder', 'general'].map((name) => ({ name: AgentName.parse(name) }))
  return { known: true, model: names[0] ?? null, endpoints: [endpoint as EndpointInfo], models, agents }
}
const nobody = { agent: null, model: null }

describe('whom an answer is compared with', () => {
  it('is another model than the one that would answer anyway', () => {
    assert.deepEqual(another(machine('a', 'b'), [nobody]), { agent: null, model: 'here/b' })
    assert.deepEqual(another(machine('a', 'b'), [{ agent: null, model: 'here/b' }]), { agent: null, model: 'here/a' })
  })
  it('is another agent where there is one model, or all of them were taken', () => {
    assert.deepEqual(another(machine('a'), [nobody]), { agent: 'coder', model: null })
    const all = [nobody, { agent: null, model: 'here/b' }]
    assert.deepEqual(another(machine('a', 'b'), all), { agent: 'coder', model: null })
  })
})
