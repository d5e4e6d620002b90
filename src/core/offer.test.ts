import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import type { RouteDecision } from '../wire/event.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import { noDocuments } from './testing/no-documents.ts'
import { newSourceId } from '../wire/id.ts'
import type { Source } from '../wire/mind.ts'
import type { Documents } from './mind-ports.ts'
import type { Tool } from './tool-ports.ts'

const look: Tool<object> = {
  name: 'look',
  about: 'Looks.',
  input: z.object({}),
  effect: 'read',
  reach: 'none',
  run: async () => ({ ok: true, output: 'seen' }),
}

async function rigOf(needs: (text: string) => Partial<RouteDecision>) {
  const model = scriptedModel((turn) =>
    turn.messages.at(-1)?.text === 'look' && turn.tools.length > 0
      ? [{ type: 'tool.call', id: 'c', tool: 'look', input: {} }]
      : ['well'],
  )
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['look'] }), agentNamed('mine', { tools: ['look'], source: 'user' })],
    tools: [look],
    route: needs,
  })
  /** Whether what was asked was asked with tools. */
  const offered = async (text: string, over = {}) => {
    const from = model.asked.length
    await rig.draft(await rig.say(text, over))
    return model.asked.slice(from).map(({ tools }) => tools.length > 0)
  }
  return { rig, offered }
}

test('a message that has nothing to do with tools is asked without any; one that needs them with', async () => {
  const { rig, offered } = await rigOf((text) => ({ requiresTools: text === 'look' }))
  assert.deepEqual(await offered('hello'), [false])
  assert.deepEqual(await offered('look'), [true, true])
  await rig.close()
})

test('who has just used tools is offered them again, other agents and other chats are not', async () => {
  const { rig, offered } = await rigOf((text) => ({ requiresTools: text === 'look' }))
  await offered('look')
  assert.deepEqual(await offered('and now?'), [true])
  assert.deepEqual(await offered('and then?'), [true])
  const other = await rig.store.createSession(rig.owner, null)
  assert.deepEqual(await offered('and now?', { session: other.id }), [false])
  await rig.close()
})

test('an agent of the user that is asked by name is offered its tools; a built-in one only if they are needed', async () => {
  const { rig, offered } = await rigOf(() => ({ requiresTools: false }))
  assert.deepEqual(await offered('hello', { agent: 'mine' }), [true])
  assert.deepEqual(await offered('hello', { agent: 'general' }), [false])
  assert.deepEqual(await offered('hello', { agent: undefined }), [false])
  await rig.close()
})

const named = (name: string): Tool<object> => ({ ...look, name })
const MEMORY = ['remember', 'recall', 'forget']
const source: Source = {
  id: newSourceId(),
  project: null,
  path: '/notes',
  state: 'ready',
  done: 1,
  total: 1,
  files: 1,
  passages: 1,
  skipped: [],
  meaning: null,
  why: null,
  indexed: null,
}

async function namesOffered(text: string, over: { agent?: string; documents?: Documents } = {}): Promise<string[]> {
  const model = scriptedModel(['well'])
  const tools = ['look', ...MEMORY]
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [
      agentNamed('general', { tools }),
      agentNamed('mine', { tools, source: 'user' }),
      agentNamed('plain', { tools: ['look'] }),
    ],
    tools: tools.map(named),
    ...(over.documents === undefined ? {} : { documents: over.documents }),
  })
  await rig.draft(await rig.say(text, over.agent === undefined ? {} : { agent: over.agent }))
  await rig.close()
  return model.asked[0]!.tools.map(({ name }) => name)
}

test('who asks for something to be remembered is offered the tools for that, and the others only if they are asked for too', async () => {
  assert.deepEqual(await namesOffered('Remember that I prefer tabs'), MEMORY)
  assert.deepEqual(await namesOffered('Merk dir bitte, dass ich Tabs bevorzuge'), MEMORY)
  assert.deepEqual(await namesOffered('Read notes.txt in my folder and remember what I wrote there'), [
    'look',
    ...MEMORY,
  ])
  assert.deepEqual(await namesOffered('Remember that I prefer tabs', { agent: 'plain' }), ['look'])
})

test('who asks for something else is not offered those, but for looking things up where there are documents; an agent of the user is', async () => {
  const text = 'List the files in my folder'
  assert.deepEqual(await namesOffered(text), ['look'])
  assert.deepEqual(await namesOffered(text, { agent: 'mine' }), ['look', ...MEMORY])
  assert.deepEqual(await namesOffered(text, { documents: { ...noDocuments, sources: async () => [source] } }), [
    'look',
    'recall',
  ])
})
