import type { Json } from '../wire/event.ts'
import { newCallId } from '../wire/id.ts'
import { isFields } from './refusal.ts'

export type WholeCall = { id: string; tool: string; input: Json }
type Part = { id: string; tool: string; pieces: string[]; whole: Json | undefined }

/**
 * Puts tool calls together that come in fragments. Arguments that are no JSON give the input `null`, which no tool's schema accepts: so the
 * model is told that its call was invalid, nothing runs, and the run goes on. A call that the length limit has cut is no call.
 */
export function toolCalls(): { take: (fragments: unknown) => void; whole: (cut: boolean) => WholeCall[] } {
  const parts: Part[] = []
  const at = new Map<number, Part>()
  const take = (fragments: unknown): void => {
    if (!Array.isArray(fragments)) return
    for (const [place, fragment] of fragments.entries()) {
      if (!isFields(fragment)) continue
      const made = isFields(fragment['function']) ? fragment['function'] : {}
      const index = typeof fragment['index'] === 'number' ? fragment['index'] : place
      const id = typeof fragment['id'] === 'string' ? fragment['id'] : ''
      const tool = typeof made['name'] === 'string' ? made['name'] : ''
      let part = at.get(index)
      // Some servers send whole calls, all of them with index 0: another id with another name is another call.
      if (part === undefined || (id !== '' && part.id !== '' && id !== part.id && tool !== '')) {
        part = { id, tool, pieces: [], whole: undefined }
        parts.push(part)
        at.set(index, part)
      }
      if (part.id === '') part.id = id
      if (part.tool === '') part.tool = tool
      const input: unknown = made['arguments']
      if (typeof input === 'string') part.pieces.push(input)
      else if (isFields(input)) part.whole = input as Json // it came out of JSON.parse
    }
  }
  const whole = (cut: boolean): WholeCall[] => {
    const ids = new Set<string>()
    const calls: WholeCall[] = []
    for (const { id, tool, pieces, whole } of parts) {
      const input = whole ?? parsed(pieces.join(''))
      if (tool === '' || (cut && input === null)) continue
      const own = id === '' || ids.has(id) ? newCallId() : id
      ids.add(own)
      calls.push({ id: own, tool, input })
    }
    return calls
  }
  return { take, whole }
}

function parsed(text: string): Json {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as Json // JSON.parse gives nothing else
  } catch {
    return null
  }
}
