import { askKeys, type AskKey } from '../acts/ask-keys.ts'
import { SHORTCUTS, type ShortcutName } from '../live/shortcuts.ts'
import type { MessageKey } from '../view/message-keys.ts'
import { say } from '../words/say.ts'

export type KeyRow = { key: string; what: string }
export type KeyGroup = { name: string; rows: readonly KeyRow[] }

/** Every key there is. Those of the page and of messages are taken from the tables that handle them: one that is not named here is no valid program. */
export function keyList(): KeyGroup[] {
  const page: Record<ShortcutName, string> = {
    find: say('Search, and everything that can be done'),
    newChat: say('New chat'),
    write: say('Write a message'),
    stop: say('Stop the answer; again, close the trace'),
    before: say('To the message before'),
    after: say('To the message after'),
    end: say('To the end, and stay there'),
    trace: say('Show or hide the trace'),
    models: say('Models'),
    agents: say('Agents'),
    keys: say('This list'),
  }
  const message: Record<MessageKey, string> = {
    c: say('Copy'),
    e: say('Edit'),
    r: say('Regenerate'),
    b: say('Branch: say something else there'),
    t: say('Show or hide what was thought'),
    arrowleft: say('The version before'),
    arrowright: say('The version after'),
  }
  const answers: Record<AskKey, string> = {
    a: say('Allow once'),
    s: say('Allow in this chat'),
    d: say('Deny'),
  }
  const names = Object.keys(page) as ShortcutName[]
  return [
    { name: say('Everywhere'), rows: names.map((name) => ({ key: SHORTCUTS[name].key, what: page[name] })) },
    {
      name: say('While writing'),
      rows: [
        { key: 'Enter', what: say('Send') },
        { key: 'Shift+Enter', what: say('New line') },
        { key: 'Mod+Enter', what: say('Send at once: what is being written stops') },
        { key: 'ArrowUp', what: say('Edit the last message, while nothing is written') },
      ],
    },
    {
      name: say('On a message'),
      rows: Object.entries(message).map(([key, what]) => ({ key: KEYS[key] ?? key.toUpperCase(), what })),
    },
    {
      name: say('On a question of an agent'),
      rows: askKeys.map((key) => ({ key: key.toUpperCase(), what: answers[key] })),
    },
    {
      name: say('In the trace'),
      rows: [
        { key: 'ArrowDown', what: say('The next row') },
        { key: 'ArrowUp', what: say('The row before') },
        { key: 'ArrowRight', what: say('Unfold') },
        { key: 'ArrowLeft', what: say('Fold') },
        { key: 'Enter', what: say('Details') },
        { key: 'Space', what: say('Play or pause') },
        { key: 'F', what: say('This row as wide as the panel') },
      ],
    },
    {
      name: say('In the list of chats'),
      rows: [
        { key: 'ArrowDown', what: say('The next chat') },
        { key: 'ArrowUp', what: say('The chat before') },
        { key: 'ArrowRight', what: say('Options') },
        { key: 'F2', what: say('Rename') },
        { key: 'Delete', what: say('Delete') },
        { key: 'Mod+Z', what: say('Take a deletion back') },
      ],
    },
  ]
}

const KEYS: Record<string, string> = { arrowleft: 'ArrowLeft', arrowright: 'ArrowRight' }
