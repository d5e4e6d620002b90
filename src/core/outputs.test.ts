import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import { Fault } from '../wire/fault.ts'
import { textOf } from '../wire/fold.ts'
import { agentNamed, chosen, listed, memoryBlobs, openRig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'

test('what a tool did is told also where there is no room for all that it said', async () => {
  const says: Tool = {
    name: 'says',
    about: 'Says much.',
    input: z.object({}),
    effect: 'read',
    reach: 'none',
    run: async () => ({ ok: true, output: `first\n${'more\n'.repeat(200_000)}` }),
  }
  const model = scriptedModel((turn) => {
    const { role, text } = turn.messages.at(-1)!
    return role === 'tool'
      ? [`told: ${text.slice(0, 5)} … ${text.slice(text.indexOf('[PKN]'))}`]
      : [{ type: 'tool.call', id: 's', tool: 'says', input: {} }]
  })
  const full = () => Promise.reject(new Fault('disk.full', { path: '/home/x/.pkn/blobs' }))
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['says'] })],
    tools: [says],
    blobs: { ...memoryBlobs(), put: full },
  })
  const draft = await rig.draft(await rig.say('go'))
  assert.equal(draft.end?.reason, 'done')
  assert.match(
    textOf(draft),
    /^told: first … \[PKN\] This is the beginning, \d+ of 200002 lines\. The rest is not kept: .*blobs is full\.$/,
  )
  await rig.close()
})
