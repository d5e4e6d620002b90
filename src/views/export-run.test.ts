import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { marked } from 'marked'
import type { RunArchive, SessionArchive } from '../wire/archive.ts'
import type { RunEvent } from '../wire/event.ts'
import {
  AgentName,
  CallId,
  newMemoryId,
  newMessageId,
  newRunId,
  newSessionId,
  newSourceId,
  offset,
} from '../wire/id.ts'
import { runMarkdown } from './export-run.ts'
import { sessionMarkdown } from './export-session.ts'
import { contained, fenced, inlineCode, plainLine } from './markdown.ts'

const HOSTILE = [
  'plain',
  '```\nopen fence',
  '~~~~\nopen tildes',
  '</details>\n<script>alert(1)</script>',
  'title\n# injected\n- list',
  '`` ` ``` ````',
  '<!-- never closed',
  '| a | b |\n| - | - |',
  '\u202egnp.exe',
  '  ````\n```\nnested\n```',
  '\r\n<style>*{display:none}',
]
const session = newSessionId()
const coder = AgentName.parse('coder')
const call = CallId.parse('call_1')
const log = (text: string): RunEvent[] => [
  {
    type: 'run.start',
    session,
    agent: coder,
    route: {
      agent: coder,
      title: text,
      confidence: 0.87,
      scores: [{ agent: coder, score: 0.87 }],
      because: [{ feature: text, weight: 0.31 }],
      complexity: 'medium',
      requiresTools: true,
      forced: false,
    },
  },
  {
    type: 'recall',
    memories: [{ memory: newMemoryId(), text }],
    passages: [{ n: 1, source: newSourceId(), path: text, from: 10, to: 24, text, by: ['words'] }],
  },
  { type: 'phase', phase: 'reading' },
  { type: 'step.start', step: 1, model: text, endpoint: text },
  { type: 'phase', phase: 'thinking' },
  { type: 'thought.delta', text },
  { type: 'tool.call', call, tool: text, input: { text } },
  { type: 'step.end', step: 1, finish: 'tools' },
  { type: 'tool.end', call, ok: true, output: text },
  { type: 'step.start', step: 2, model: 'tiny', endpoint: 'here' },
  { type: 'text.delta', text },
  { type: 'usage', input: 1200, cached: 200, output: 50, prefillMs: 2000, decodeMs: 1000 },
  { type: 'step.end', step: 2, finish: 'stop' },
  { type: 'run.end', reason: 'done' },
]
const archive = (text: string): RunArchive => ({
  pkn: 'run',
  version: 1,
  run: {
    id: newRunId(),
    session,
    message: newMessageId(),
    state: 'ended',
    reason: 'done',
    head: offset(13),
    created: '2026-05-01T00:00:00.000Z',
  },
  question: text,
  entries: log(text).map((event, i) => ({ at: offset(i + 1), t: i * 1000, event })),
})
const headings = (html: string) => [...html.matchAll(/<h[12][^>]*>(.*?)<\/h[12]>/g)].map(([, text]) => text)

describe('a run as Markdown', () => {
  it('tells why, what happened, the thoughts, the tools, the answer and the figures', () => {
    const text = runMarkdown(archive('plain'))
    for (const part of [
      '87 % sure',
      '| coder | 87 % |',
      '<details>',
      'Thoughts',
      'Tool `plain`: done, 2.0 s',
      '1,200 tokens',
      '500.0 a second',
      '50.0 a second',
      '13.0 s in all',
      '- \\[1\\] `plain:10-24`',
      'Remembered:\n\n- plain',
    ])
      // prettier-ignore
      assert.ok(text.includes(part), `${part} in\n${text}`)
  })

  for (const hostile of HOSTILE)
    it(`keeps its shape around ${JSON.stringify(hostile)}`, () => {
      const html = marked.parse(runMarkdown(archive(hostile)), { async: false })
      const own = headings(html).filter((h) =>
        /^(Question|Why this agent|What happened|Sources|On the way|Answer|Figures)$/.test(h ?? ''),
      )
      assert.deepEqual(own, [
        'Question',
        'Why this agent',
        'What happened',
        'Sources',
        'On the way',
        'Answer',
        'Figures',
      ])
      assert.doesNotMatch(html, /<(script|style)|<!--/i)
      assert.equal(html.split('<details>').length, 2)
      assert.equal(html.split('</details>').length, 2)
      assert.doesNotMatch(headings(html).join(''), /\u202e/)
    })
})

describe('a session as Markdown', () => {
  it('shows the path of its tip first, then other answers and branches', () => {
    const wish = { agent: null, backend: 'local', model: null, priority: 'interactive' } as const
    const created = '2026-05-01T00:00:00.000Z'
    const answer = (text: string) => ({ id: newRunId(), created, answered: created, wish, text, agent: coder, model: 'tiny', reason: 'done' as const, fault: null }) // prettier-ignore
    const [first, again, edited, end] = [answer('ONE'), answer('TWO'), answer('THREE'), answer('FOUR')]
    const turn = (text: string, after: typeof first.id | null, answers: (typeof first)[]) => ({ id: newMessageId(), after, text, created, answers }) // prettier-ignore
    const whole: SessionArchive = {
      pkn: 'session',
      version: 1,
      session: { title: HOSTILE[4]!, named: true, created, updated: created, tip: end.id, pinned: false, folder: null, archived: false }, // prettier-ignore
      turns: [turn('Q1', null, [first, again]), turn('Q2', null, [edited]), turn('Q3', again.id, [end])],
    }
    const text = sessionMarkdown(whole)
    const order = ['TWO', 'FOUR', 'Other answers', 'ONE', 'Other branches', 'THREE'].map((word) => text.indexOf(word))
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    )
    assert.ok(order.every((at) => at !== -1))
    assert.deepEqual(headings(marked.parse(text, { async: false }))[0], 'title # injected - list')
  })
})

describe('words of others in Markdown', () => {
  it('leaves code alone, and shows HTML as it was written', () => {
    const code = 'Use `<div>` and <https://example.org>\n\n```html\n<script>\n```\n\nEnd'
    assert.equal(contained(code), code)
    assert.equal(contained('a <b> c'), 'a \\<b> c')
    assert.equal(contained('1 < 2'), '1 < 2')
  })
  it('has a fence longer than any inside', () => {
    assert.equal(fenced('````\nx'), '`````\n````\nx\n`````')
    assert.equal(inlineCode('a`b``c'), '```a`b``c```')
    assert.equal(plainLine('a\n# b *c*'), 'a \\# b \\*c\\*')
  })
})
