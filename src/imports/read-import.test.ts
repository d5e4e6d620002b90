import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SessionArchive } from '../wire/archive.ts'
import { EMPTY, foldAll, textOf, thoughtOf } from '../wire/fold.ts'
import { offset } from '../wire/id.ts'
import { readImport } from './read-import.ts'
import { numbers, randomArchive, withoutIds } from './testing/archives.ts'

const NOW = '2026-05-01T00:00:00.000Z'
function read(json: unknown, name = 'a.json') {
  const all = [...readImport(name, typeof json === 'string' ? json : JSON.stringify(json), NOW)]
  return {
    sessions: all.flatMap(({ session }) => (session ? [session.archive] : [])),
    skipped: all.flatMap(({ skipped }) => skipped),
  }
}
/** Questions, what each follows, and its answers. */
const shape = ({ turns }: SessionArchive) => {
  const texts = new Map(turns.flatMap((turn) => turn.answers.map((answer) => [answer.id, answer.text] as const)))
  return turns.map((turn) => [
    turn.text,
    turn.after === null ? null : texts.get(turn.after),
    turn.answers.map(({ text }) => text),
  ])
}
const tipText = ({ session, turns }: SessionArchive) =>
  turns.flatMap(({ answers }) => answers).find(({ id }) => id === session.tip)?.text

const said = (role: string, text: string, over: object = {}) => ({
  message: { author: { role }, create_time: 1.75e9, content: { content_type: 'text', parts: [text] }, ...over },
})
const chat = {
  title: 'Bread\nand water',
  create_time: 1.75e9,
  update_time: 1.75e9 + 60,
  current_node: 'a2',
  mapping: {
    root: { parent: null, message: null, children: ['sys'] },
    sys: { parent: 'root', ...said('system', '') },
    q1: { parent: 'sys', ...said('user', 'How do I bake?') },
    a1: { parent: 'q1', ...said('assistant', 'With flour.', { metadata: { model_slug: 'gpt-x' } }) },
    a2: { parent: 'q1', ...said('assistant', 'With heat.') },
    q2: { parent: 'a1', ...said('user', 'And then?') },
    q3: { parent: 'a1', ...said('user', 'And before?') },
    think: {
      parent: 'q3',
      message: { author: { role: 'assistant' }, content: { content_type: 'thoughts', thoughts: [{ content: 'Hm.' }] } },
    },
    a3: { parent: 'think', ...said('assistant', 'Wash your hands.') },
  },
}

describe('what is read of other programs', () => {
  it("takes ChatGPT's tree with its branches, versions and thoughts", () => {
    const { sessions, skipped } = read([chat])
    const [session] = sessions
    assert.ok(session)
    assert.deepEqual(shape(session), [
      ['How do I bake?', null, ['With flour.', 'With heat.']],
      ['And then?', 'With flour.', ['']],
      ['And before?', 'With flour.', ['Wash your hands.']],
    ])
    assert.equal(tipText(session), 'With heat.')
    assert.equal(session.session.title, 'Bread and water')
    assert.equal(session.turns[0]?.answers[0]?.model, 'gpt-x')
    assert.equal(session.turns[1]?.answers[0]?.reason, 'interrupted')
    assert.equal(thoughtOf(foldAll(EMPTY, session.turns[2]?.answers[0]?.entries ?? [])), 'Hm.')
    assert.deepEqual(skipped, [])
  })

  it('tells what of a message it cannot take', () => {
    const image = { content_type: 'multimodal_text', parts: ['Look:', { asset_pointer: 'x' }, { asset_pointer: 'y' }] }
    const { sessions, skipped } = read([
      { ...chat, mapping: { ...chat.mapping, q4: { parent: 'a2', ...said('user', '', { content: image }) } } },
    ])
    assert.equal(sessions[0]?.turns.at(-1)?.text, 'Look:')
    assert.deepEqual(skipped, [
      { what: '"Bread and water"', why: 'an image, a sound or a file in a message (2 times)' },
    ])
  })

  it("takes Open WebUI's history, and unfolds the thoughts", () => {
    const details =
      '<details type="reasoning" done="true" duration="2">\n<summary>Thought</summary>\n> One.\n> Two.\n</details>\n'
    const { sessions, skipped } = read([
      {
        id: 'x',
        pinned: true,
        created_at: 1.75e9,
        updated_at: 1.75e9 + 5,
        chat: {
          title: 'Sums',
          history: {
            currentId: 'd',
            messages: {
              a: { id: 'a', parentId: null, childrenIds: ['b', 'c'], role: 'user', content: '1+1?', timestamp: 1.75e9 },
              b: { id: 'b', parentId: 'a', childrenIds: [], role: 'assistant', content: 'Two', model: 'm1' },
              c: { id: 'c', parentId: 'a', childrenIds: ['d'], role: 'assistant', content: `${details}2`, model: 'm2' },
              d: { id: 'd', parentId: 'c', childrenIds: [], role: 'user', content: 'Sure?', files: [{}] },
            },
          },
        },
      },
    ])
    const [session] = sessions
    assert.ok(session)
    assert.deepEqual(shape(session), [
      ['1+1?', null, ['Two', '2']],
      ['Sure?', '2', ['']],
    ])
    assert.equal(session.session.pinned, true)
    const second = session.turns[0]?.answers[1]
    assert.equal(thoughtOf(foldAll(EMPTY, second?.entries ?? [])), 'One.\nTwo.')
    assert.equal(session.session.tip, session.turns[1]?.answers[0]?.id)
    assert.equal(skipped.length, 1)
  })

  it("takes LibreChat's list and its tree alike", () => {
    const none = '00000000-0000-0000-0000-000000000000'
    const q = { messageId: 'q', parentMessageId: none, isCreatedByUser: true, sender: 'User', text: 'Hi' }
    const a = { messageId: 'a', parentMessageId: 'q', isCreatedByUser: false, sender: 'M', text: '', model: 'm', content: [{ type: 'think', think: 'So.' }, { type: 'text', text: 'Ho' }] } // prettier-ignore
    const b = { messageId: 'b', parentMessageId: 'q', isCreatedByUser: false, sender: 'M', text: 'Hey' }
    const list = { conversationId: 'c', title: 'Greeting', endpoint: 'x', messages: [q, a, b] }
    const tree = { conversationId: 'c', title: 'Greeting', recursive: true, messages: [{ ...q, children: [a, b] }] }
    for (const file of [list, tree, [list], { ...tree, messages: undefined, messagesTree: tree.messages }]) {
      const { sessions, skipped } = read(file)
      assert.ok(sessions[0])
      assert.deepEqual(shape(sessions[0]), [['Hi', null, ['Ho', 'Hey']]])
      assert.equal(thoughtOf(foldAll(EMPTY, sessions[0].turns[0]?.answers[0]?.entries ?? [])), 'So.')
      assert.deepEqual(skipped, [])
    }
  })

  it('joins an answer that was stored in pieces around the call of a tool', () => {
    const mapping = {
      q: { parent: null, ...said('user', 'Weather?') },
      a: { parent: 'q', ...said('assistant', 'I look.') },
      call: { parent: 'a', ...said('assistant', '{}', { recipient: 'web' }) },
      tool: { parent: 'call', ...said('tool', 'rain') },
      b: { parent: 'tool', ...said('assistant', 'It rains.') },
    }
    const { sessions, skipped } = read([{ title: 'W', mapping, current_node: 'b' }])
    assert.ok(sessions[0])
    assert.deepEqual(shape(sessions[0]), [['Weather?', null, ['I look.\n\nIt rains.']]])
    assert.equal(skipped.length, 2)
  })
})

describe('what is broken or hostile', () => {
  it('is told, and never thrown', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    for (const [text, why] of [
      ['', /not valid JSON/],
      ['{"a":', /not valid JSON/],
      [deep, /not valid JSON|no conversation/],
      ['PK\u0003\u0004xyz', /ZIP/],
      ['[]', /nothing/],
      ['null', /no conversation/],
      ['[1,"x",null,{}]', /no conversation/],
      ['{"pkn":"run","version":1}', /single run/],
      ['{"pkn":"session","version":2}', /newer/],
      ['{"pkn":"session","version":1,"turns":7}', /damaged/],
      ['{"mapping":{}}', /no message/],
      ['{"mapping":{"a":7,"b":null,"c":{"message":[]}}}', /no message/],
      ['{"chat":{"history":{"messages":{"a":{"role":9,"content":{}}}}}}', /no message|neither/],
      ['{"conversationId":"x","messages":[null,3,[]]}', /no message|none/],
    ] as const) {
      const { sessions, skipped } = read(text)
      assert.equal(sessions.length, 0, text.slice(0, 80))
      assert.ok(
        skipped.some((one) => why.test(one.why)),
        `${text.slice(0, 80)}: ${JSON.stringify(skipped)}`,
      )
    }
  })

  it('keeps what is well beside what is not', () => {
    const { sessions, skipped } = read([{ title: 'Bad' }, chat, 7])
    assert.equal(sessions.length, 1)
    assert.deepEqual(
      skipped.map(({ what }) => what),
      ['"Bad"', 'number 3 of "a.json"'],
    )
  })

  it('knows a ring, a parent that is missing and a name that every object has', () => {
    const mapping = {
      a: { parent: 'b', ...said('user', 'ring') },
      b: { parent: 'a', ...said('assistant', 'ring') },
      self: { parent: 'self', ...said('user', 'self') },
      c: { parent: 'gone', ...said('user', 'orphan') },
      constructor: { parent: 'c', ...said('assistant', 'yes') },
      ['__proto__']: { parent: 'constructor', ...said('user', 'no') },
    }
    const { sessions, skipped } = read(JSON.stringify({ title: '', mapping, current_node: 'toString' }))
    assert.ok(sessions[0])
    assert.deepEqual(shape(sessions[0])[0], ['orphan', null, ['yes']])
    assert.equal(sessions[0].session.named, false)
    assert.match(JSON.stringify(skipped), /follows itself \(3 times\)/)
    assert.match(JSON.stringify(skipped), /not in the file/)
  })

  it('takes a chain of 10,000 messages and a message of 10 MB', () => {
    const mapping = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [
        `n${i}`,
        { parent: i === 0 ? null : `n${i - 1}`, ...said(i % 2 === 0 ? 'user' : 'assistant', `m${i}`) },
      ]),
    )
    const [session] = read({ title: 'long', mapping, current_node: 'n9999' }).sessions
    assert.equal(session?.turns.length, 5_000)
    const big = { title: 'big', mapping: { q: { parent: null, ...said('user', 'x'.repeat(10_000_000)) } } }
    const { sessions, skipped } = read(big)
    assert.equal(sessions[0]?.turns[0]?.text.length, 4_000_000)
    assert.match(skipped[0]?.why ?? '', /was cut/)
  })

  it('gives whole sessions or none, whatever is bent in a file', () => {
    const odd = [null, 0, -1, 1e308, '', [], {}, true, '__proto__', [[]], { a: 1 }, 'x'.repeat(500)]
    for (let seed = 1; seed <= 300; seed++) {
      const pick = numbers(seed)
      const file: unknown = structuredClone([[chat], randomArchive(seed % 20)][pick(2)])
      const places: [object: Record<string, unknown>, key: string][] = []
      const walk = (value: unknown) => {
        if (typeof value !== 'object' || value === null) return
        const object = value as Record<string, unknown> // a list has keys as well
        for (const [key, inner] of Object.entries(object)) {
          places.push([object, key])
          walk(inner)
        }
      }
      walk(file)
      const [object, key] = places[pick(places.length)]!
      if (pick(3) === 0) delete object[key]
      else object[key] = odd[pick(odd.length)]
      for (const session of read(file).sessions) {
        assert.ok(SessionArchive.safeParse(session).success, `seed ${seed}`)
        const ids = new Set<string>()
        for (const { after, answers } of session.turns) {
          assert.ok(answers.length > 0 && (after === null || ids.has(after)), `seed ${seed}`)
          for (const answer of answers) {
            assert.ok(answer.reason !== null && answer.entries?.length && !ids.has(answer.id), `seed ${seed}`)
            ids.add(answer.id)
          }
        }
        assert.ok(ids.has(session.session.tip ?? ''), `seed ${seed}`)
      }
    }
  })

  it('repeats what branches share only as far as the file is not blown up by it', () => {
    const shared = 'x'.repeat(19_000)
    const branches = Array.from({ length: 5_000 }, (_, i) => [`c${i}`, { parent: 'a', ...said('assistant', `${i}`) }])
    const mapping = { q: { parent: null, ...said('user', 'q') }, a: { parent: 'q', ...said('assistant', shared) } }
    const { sessions } = read({ title: 'fan', mapping: { ...mapping, ...Object.fromEntries(branches) } })
    const answers = sessions[0]?.turns.flatMap((turn) => turn.answers) ?? []
    assert.equal(answers.length, 5_001)
    assert.ok(answers[1]?.text === `${shared}\n\n0`, 'the first is whole')
    assert.ok(answers.at(-1)?.text === '4999', 'the last is not')
    assert.ok(answers.reduce((sum, { text }) => sum + text.length, 0) < 10_000_000)
  })

  it('refuses a conversation of more messages than anybody could open', () => {
    const messages = Array.from({ length: 100_001 }, (_, i) => ({
      messageId: `m${i}`,
      isCreatedByUser: true,
      text: '',
    }))
    const { sessions, skipped } = read({ conversationId: 'c', title: 'Vast', messages })
    assert.equal(sessions.length, 0)
    assert.deepEqual(skipped, [{ what: '"Vast"', why: 'it holds more than 100,000 messages' }])
  })

  it('refuses times that are none', () => {
    const { sessions } = read({ ...chat, create_time: 1e300, update_time: 'soon' })
    assert.equal(sessions[0]?.session.created, NOW)
  })
})

describe("PKN's own", () => {
  it('is the same again but for its ids, whatever is in it', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const archive = randomArchive(seed)
      const { sessions, skipped } = read(archive)
      assert.deepEqual(withoutIds(sessions[0]), withoutIds(archive), `seed ${seed}`)
      assert.deepEqual(skipped, [])
      assert.notEqual(sessions[0]?.turns[0]?.id, archive.turns[0]?.id)
    }
  })

  it('keeps the words where an event of a log is of a newer PKN', () => {
    const archive = randomArchive(4)
    const text = archive.turns[0]!.answers[0]!.text
    const newer = JSON.stringify(archive).replace('"type":"step.end"', '"type":"step.leap"')
    const { sessions, skipped } = read(newer)
    assert.equal(sessions[0]?.turns[0]?.answers[0]?.text, text)
    assert.match(skipped[0]?.why ?? '', /made anew/)
  })

  it('keeps no log that takes long to be read, and no name that nobody can ask for', () => {
    const archive = randomArchive(4)
    const answer = archive.turns[0]!.answers[0]!
    const pieces = Array.from({ length: 50_000 }, (_, i) => ({
      at: offset(i + 1),
      t: i,
      event: { type: i % 2 === 0 ? ('text.delta' as const) : ('thought.delta' as const), text: 'x' },
    }))
    const end = { at: offset(50_001), t: 1, event: { type: 'run.end' as const, reason: 'done' as const } }
    answer.entries = [...pieces, end]
    answer.text = 'the words'
    archive.session.folder = '  a folder  '
    archive.session.title = `${'x'.repeat(199)}\u{1f600}`
    const from = performance.now()
    const { sessions, skipped } = read(archive)
    const took = performance.now() - from
    assert.equal(sessions[0]?.turns[0]?.answers[0]?.text, 'the words')
    assert.match(JSON.stringify(skipped), /too long to be read/)
    assert.equal(sessions[0]?.session.folder, 'a folder')
    assert.equal(sessions[0]?.session.title, 'x'.repeat(199))
    answer.entries = [...pieces.slice(0, 2000), { ...end, at: offset(2001) }]
    const short = performance.now()
    assert.equal(read(archive).skipped.length, 0)
    assert.ok(took < 100 * (performance.now() - short), 'what it takes does not grow with the square of its length')
    archive.session.folder = '   '
    assert.equal(read(archive).sessions[0]?.session.folder, null)
  })

  it('believes no log that is not whole, and no pointer to what comes later', () => {
    const archive = randomArchive(3)
    const [turn] = archive.turns
    assert.ok(turn?.answers[0]?.entries)
    turn.answers[0].text = 'the words'
    turn.answers[0].entries.splice(1, 1)
    turn.after = archive.turns.at(-1)?.answers.at(-1)?.id ?? null
    const { sessions, skipped } = read(archive)
    assert.equal(sessions[0]?.turns[0]?.after, null)
    const entries = sessions[0]?.turns[0]?.answers[0]?.entries ?? []
    assert.equal(textOf(foldAll(EMPTY, entries)), 'the words')
    assert.equal(skipped.length, 2)
  })
})
