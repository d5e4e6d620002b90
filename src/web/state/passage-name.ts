import type { Passage } from '../../wire/recall.ts'
import { revealed } from '../markdown/hidden.ts'
import { say } from '../words/say.ts'

type Place = Pick<Passage, 'path' | 'from' | 'to' | 'page'>

/** notes/plan.md:3-9; a document that is its own source has no path. */
export function passageName({ path, from, to, page }: Place): string {
  const lines = from === to ? `${from}` : `${from}-${to}`
  const name = path === '' ? say('The document') : revealed(path)
  return page === undefined ? `${name}:${lines}` : say('{name}, page {page}:{lines}', { name, page, lines })
}
