import type { Did } from '../../wire/did.ts'
import { say, sayCount } from '../words/say.ts'
import { listed } from './wording.ts'

type Kind = 'look' | 'change' | 'command' | 'web' | 'handed' | 'other'
const KINDS: Readonly<Record<string, Kind>> = {
  read: 'look',
  list: 'look',
  glob: 'look',
  grep: 'look',
  write: 'change',
  edit: 'change',
  shell: 'command',
  fetch: 'web',
  search: 'web',
  delegate: 'handed',
}

/** What an answer did beside writing, in a sentence. */
export function didWords(did: Did): string {
  const sums = new Map<Kind, number>()
  for (const { tool, calls } of did) {
    const kind = KINDS[tool] ?? 'other'
    sums.set(kind, (sums.get(kind) ?? 0) + calls)
  }
  const failed = did.reduce((sum, one) => sum + one.failed, 0)
  const what = listed([...sums].map(([kind, n]) => counted(kind, n)))
  return failed === 0 ? say('Tools: {what}.', { what }) : say('Tools: {what}; {failed} failed.', { what, failed })
}

function counted(kind: Kind, n: number): string {
  switch (kind) {
    case 'look':
      return sayCount(n, '1 look at files', '{n} looks at files')
    case 'change':
      return sayCount(n, '1 change of a file', '{n} changes of files')
    case 'command':
      return sayCount(n, '1 command', '{n} commands')
    case 'web':
      return sayCount(n, '1 look at the web', '{n} looks at the web')
    case 'handed':
      return sayCount(n, '1 task handed on', '{n} tasks handed on')
    case 'other':
      return sayCount(n, '1 other call', '{n} other calls')
  }
}
