import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { FAULTS } from '../src/wire/fault.ts'
import { faultsDoc } from './faults-doc.ts'

test('docs/faults.md says what the table of faults says', () => {
  assert.equal(readFileSync(new URL('../docs/faults.md', import.meta.url), 'utf8'), faultsDoc())
})

test('every fault tells a person what to do', () => {
  for (const [code, kind] of Object.entries(FAULTS)) {
    assert.match(kind.text, /[.}]$/, code)
    assert.match(kind.fix, /^[A-Z].*\.$/, code)
  }
})
