import { idOf, isObject, listOf, nameOf, objectOf, textOf, timeOf, type Loose } from './loose.ts'
import type { LeftOut } from './skipped.ts'
import type { Node, Tree } from './tree.ts'

/** A chat of Open WebUI's export: `chat.history.messages` by id, or, in old ones, `chat.messages` one after the other. */
export const isOpenWebui = (value: Loose): boolean =>
  isObject(value['chat']) || isObject(objectOf(value['history'])['messages'])

export function openWebui(value: Loose, left: LeftOut): Tree {
  const chat = isObject(value['chat']) ? value['chat'] : value
  const history = objectOf(chat['history'])
  const stored = Object.entries(objectOf(history['messages']))
  const nodes =
    stored.length > 0
      ? stored.map(([id, message]): Node => node(id, idOf(objectOf(message)['parentId']), objectOf(message), left))
      : listOf(chat['messages']).map((message, i): Node =>
          node(String(i), i === 0 ? null : String(i - 1), objectOf(message), left),
        )
  return {
    title: textOf(chat['title']) || textOf(value['title']),
    created: timeOf(value['created_at']) ?? timeOf(chat['timestamp']),
    updated: timeOf(value['updated_at']),
    pinned: value['pinned'] === true,
    archived: value['archived'] === true,
    nodes,
    current: idOf(history['currentId']) ?? nodes.at(-1)?.id ?? null,
  }
}

function node(id: string, parent: string | null, message: Loose, left: LeftOut): Node {
  const { role, content, model, timestamp, files } = message
  left.add('an image or a file of a message', listOf(files).length)
  const parts = listOf(content)
  const texts = parts.map((part) => textOf(objectOf(part)['text'])).filter((text) => text !== '')
  left.add('an image or a file of a message', parts.length - texts.length)
  const whole = typeof content === 'string' ? content : texts.join('\n\n')
  const known = role === 'user' || role === 'assistant'
  if (!known && role !== 'system') left.add('a message of neither a person nor a model')
  const { thought, text } = role === 'assistant' ? withoutThought(whole) : { thought: '', text: whole }
  return { id, parent, role: known ? role : 'other', text, thought, model: nameOf(model), created: timeOf(timestamp) }
}

const OPEN = /<details type="reasoning"[^<>]*>\s*(?:<summary>[^<]*<\/summary>)?/
const CLOSE = '</details>'

/** Thoughts stand in the text there, folded and quoted. */
function withoutThought(whole: string): { thought: string; text: string } {
  const thoughts: string[] = []
  let text = ''
  let rest = whole
  for (;;) {
    const found = OPEN.exec(rest)
    const end = found === null ? -1 : rest.indexOf(CLOSE, found.index + found[0].length)
    if (found === null || end === -1) return { thought: thoughts.join('\n\n'), text: (text + rest).trimStart() }
    const inside = rest.slice(found.index + found[0].length, end).trim()
    thoughts.push(inside.replaceAll(/^(>|&gt;) ?/gm, ''))
    text += rest.slice(0, found.index)
    rest = rest.slice(end + CLOSE.length)
  }
}
