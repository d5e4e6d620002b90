import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMemory } from '../store/memory.ts'
import { systemClock } from '../clock.ts'
import { LOCAL, newMessageId, newRunId, newSessionId } from '../wire/id.ts'
import type { Attachment } from '../wire/attachment.ts'
import type { Message } from '../wire/message.ts'
import { shown, withFiles } from './attached.ts'
import { agentNamed, memoryBlobs } from './testing/rig.ts'
import { EMPTY } from '../wire/fold.ts'
import { buildTurn } from './turn.ts'

const session = newSessionId()
const message = (text: string, attachments: Attachment[]): Message => ({
  id: newMessageId(),
  session,
  run: newRunId(),
  role: 'user',
  text,
  created: '2026-05-01T00:00:00.000Z',
  agent: null,
  model: null,
  reason: null,
  fault: null,
  finish: null,
  remote: null,
  after: null,
  runs: [],
  siblings: [],
  attachments,
})

async function desk() {
  const deps = { store: openMemory({ clock: systemClock }), blobs: memoryBlobs() }
  const add = async (name: string, content: string, type: Attachment['type'] = 'text/plain') => {
    const bytes = Buffer.from(content)
    const hash = await deps.blobs.put(bytes)
    return deps.store.addAttachment(LOCAL, { name, type, bytes: bytes.length, hash })
  }
  return { deps, add, told: (messages: Message[]) => withFiles(messages, LOCAL, deps) }
}

test('all that the question brings is shown, of older files as much as there is room for', async () => {
  const { add, told } = await desk()
  const half = 'x'.repeat(600_000)
  const [one, two, three] = [await add('1', half), await add('2', half), await add('3', half)]
  const old = [message('a', [one]), message('b', [await add('small', 'tiny')])]
  const [first, second, question] = await told([...old, message('c', [two, three])])
  assert.match(question!.text, /Attached file: 2\n```\nx+\n```\n\nAttached file: 3\n/)
  assert.match(second!.text, /small was shown before and is left out/)
  assert.match(first!.text, /1 was shown before and is left out/)
  const [again] = await told(old)
  assert.match(again!.text, /Attached file: 1/)
})

test('a file that is no longer there is said so, and costs nobody the answer', async () => {
  const { deps, add, told } = await desk()
  const file = await add('gone.txt', 'x')
  await deps.store.sweepAttachments(Infinity)
  const [question] = await told([message('read', [file])])
  assert.equal(question!.text, 'read\n\n(The attached file gone.txt is no longer there.)')
})

test('a picture counts in what the context holds, and a model that cannot see is told of it', async () => {
  const { add, told } = await desk()
  const [question] = await told([message('look', [await add('cat.png', 'bytes', 'image/png')])])
  assert.ok(question)
  const turn = (sees: boolean) =>
    buildTurn({ agent: agentNamed('general'), history: [], question, draft: EMPTY, context: 4096, sees })
  assert.ok(turn(true).guess > turn(false).guess + 500)
  assert.deepEqual(shown(question, true), {
    role: 'user',
    text: 'look',
    images: [{ type: 'image/png', data: Buffer.from('bytes').toString('base64') }],
  })
  assert.match(shown(question, false).text, /cat.png, which you cannot see/)
})
