import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { memoryChanges } from './memory-changes.ts'
import { newDisk } from './memory-disk.ts'
import { migrate } from './migrate.ts'
import { Refusal } from './refusal.ts'
import { sqliteChanges } from './sqlite-changes.ts'

const database = () => {
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  migrate(db)
  return db
}

for (const [name, changes] of [
  ['SQLite', sqliteChanges(database(), () => true)],
  ['memory', memoryChanges(newDisk())],
] as const)
  test(`in ${name} an owner has so many memories and no more, and what is known already is no other`, () => {
    const remember = (id: string, text: string, owner = 'me') =>
      changes.remember({ id, owner, project: null, text, always: 0, by: '{}', now: 1, most: 3 })
    for (const id of ['a', 'b', 'c']) remember(id, `it is ${id}`)
    assert.throws(() => remember('d', 'one more'), new Refusal('memory.many', '3'))
    assert.equal(remember('e', 'it is b').id, 'b')
    assert.equal(remember('f', 'one more', 'another').id, 'f')
    changes.forget({ owner: 'me', id: 'a', now: 2 })
    assert.equal(remember('g', 'one more').id, 'g')
  })
