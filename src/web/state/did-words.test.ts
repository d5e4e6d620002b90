import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didWords } from './did-words.ts'

test('what an answer did is counted by what it was, in the order in which it began, and what failed is told', () => {
  const did = [
    { tool: 'grep', calls: 2, failed: 0 },
    { tool: 'edit', calls: 1, failed: 1 },
    { tool: 'read', calls: 3, failed: 0 },
    { tool: 'mcp_files_stat', calls: 1, failed: 0 },
  ]
  assert.equal(didWords(did), 'Tools: 5 looks at files, 1 change of a file, and 1 other call; 1 failed.')
  assert.equal(didWords([{ tool: 'shell', calls: 2, failed: 0 }]), 'Tools: 2 commands.')
})
