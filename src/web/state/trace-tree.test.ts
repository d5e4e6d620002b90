import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newRunId, type RunId } from '../../wire/id.ts'
import type { TraceRow } from './trace-rows.ts'
import { arrow, keepSame, treeOf, type Known } from './trace-tree.ts'

const known = (id: string, level: number, run: RunId | null = null): Known => {
  const row: TraceRow = { id, kind: 'tool', name: id, note: '', level, from: 0, to: 1, state: 'done', of: 0, run }
  return { row, now: row }
}
const ROWS = [
  known('run', 1),
  known('read', 2),
  known('tools', 2),
  known('grep', 3),
  known('ask', 3),
  known('child', 4, newRunId()),
  known('write', 2),
]
const seen = (chosen: Record<string, boolean> = {}) => treeOf(ROWS, new Map(Object.entries(chosen)))

describe('the tree of rows', () => {
  it('says of each row where it stands among those beside it', () => {
    assert.deepEqual(
      seen().map(({ id, place, of, open }) => [id, place, of, open]),
      [
        ['run', 1, 1, true],
        ['read', 1, 3, null],
        ['tools', 2, 3, true],
        ['grep', 1, 2, null],
        ['ask', 2, 2, true],
        ['child', 1, 1, false],
        ['write', 3, 3, null],
      ],
    )
  })
  it('hides what is in a closed row, however deep', () => {
    assert.deepEqual(
      seen({ tools: false }).map(({ id }) => id),
      ['run', 'read', 'tools', 'write'],
    )
    assert.equal(seen({ tools: false }).at(-1)?.of, 3)
  })
  it('is walked by arrows: on, into, out of, open and closed', () => {
    const lines = seen()
    assert.deepEqual(arrow(lines, 'read', 'ArrowDown'), { kind: 'go', id: 'tools' })
    assert.deepEqual(arrow(lines, 'tools', 'ArrowRight'), { kind: 'go', id: 'grep' })
    assert.deepEqual(arrow(lines, 'grep', 'ArrowLeft'), { kind: 'go', id: 'tools' })
    assert.deepEqual(arrow(lines, 'tools', 'ArrowLeft'), { kind: 'close', id: 'tools' })
    assert.deepEqual(arrow(lines, 'child', 'ArrowRight'), { kind: 'open', id: 'child' })
    assert.deepEqual(arrow(lines, 'run', 'End'), { kind: 'go', id: 'write' })
    assert.equal(arrow(lines, 'run', 'ArrowUp'), null)
    assert.equal(arrow(lines, 'read', 'ArrowRight'), null)
  })
  it('keeps a line as the same object while nothing of it changes', () => {
    const lines = seen()
    const copy = ROWS.map(({ row }) => ({ ...row }))
    copy[1]!.to = 2
    const next = treeOf(
      copy.map((row) => ({ row, now: row })),
      new Map(),
    )
    const kept = keepSame(new Map(lines.map((line) => [line.id, line])), next)
    assert.deepEqual(
      kept.flatMap((line, i) => (line === lines[i] ? [] : [line.id])),
      ['read'],
    )
  })
})
