import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newMessageId, type SessionId } from '../../wire/id.ts'
import { keepLetter, keptLetters } from './letters.ts'
import { rememberSomewhere } from './storage.ts'
import { traysOf } from './tray.ts'

const letter = { session: null, chat: 'c', text: 'Hello', agent: null, created: '2026-03-02T08:00:00Z' }

describe('what the page remembers', () => {
  it('is in its own memory where the browser forbids to keep anything', () => {
    for (const forbid of [
      () => {
        throw new DOMException('Access is denied for this document.', 'SecurityError')
      },
      () => null as unknown as Storage,
    ]) {
      const scope = Object.defineProperty({}, 'localStorage', { get: forbid, configurable: true }) as Window
      rememberSomewhere(scope)
      keepLetter(scope.localStorage, { ...letter, id: newMessageId() })
      assert.deepEqual(
        keptLetters(scope.localStorage).map(({ text }) => text),
        ['Hello'],
      )
    }
  })

  it('is nothing where something else stands under its name', () => {
    for (const other of ['null', '{"a":1}', '"text"', '{"a":[}']) {
      const scope = { localStorage: null as unknown as Storage }
      rememberSomewhere(scope)
      const { localStorage: storage } = scope
      storage.setItem('pkn.letters', other)
      storage.setItem('pkn.files.new', other)
      assert.deepEqual(keptLetters(storage), [])
      const tray = traysOf(storage)(null)
      assert.deepEqual(tray.items.get(), [])
      tray.move('ses_00000000000000000001' as SessionId)
    }
  })
})
