import { idOf, isObject, listOf, nameOf, objectOf, textOf, timeOf, type Loose } from './loose.ts'
import type { LeftOut } from './skipped.ts'
import type { Node, Tree } from './tree.ts'

/** A conversation of LibreChat's export: a list of messages, or, if `recursive`, a tree of them by `children`. */
export const isLibrechat = (value: Loose): boolean =>
  Array.isArray(value['messagesTree']) ||
  (Array.isArray(value['messages']) &&
    (typeof value['conversationId'] === 'string' ||
      value['messages'].some((message) => isObject(message) && 'isCreatedByUser' in message)))

export function librechat(value: Loose, left: LeftOut): Tree {
  const nodes: Node[] = []
  const ahead = [...listOf(value['messagesTree'] ?? value['messages'])]
    .toReversed()
    .map((message): { message: unknown; parent: string | null } => ({ message, parent: null }))
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (!isObject(next.message)) {
      left.add('a message that is none')
      continue
    }
    const { message } = next
    const id = idOf(message['messageId']) ?? `${nodes.length}`
    nodes.push(node(id, next.parent ?? parentOf(message), message, left))
    for (const child of listOf(message['children']).toReversed()) ahead.push({ message: child, parent: id })
  }
  return {
    title: textOf(value['title']),
    created: timeOf(value['createdAt']) ?? nodes.find((one) => one.created !== null)?.created ?? null,
    updated: timeOf(value['updatedAt']) ?? timeOf(value['exportAt']),
    pinned: false,
    archived: value['isArchived'] === true,
    nodes,
    current: nodes.at(-1)?.id ?? null,
  }
}

/** A parent of zeros is how a first message says that it has none. */
function parentOf(message: Loose): string | null {
  const parent = idOf(message['parentMessageId'])
  return parent === null || /^[0-]+$/.test(parent) ? null : parent
}

function node(id: string, parent: string | null, message: Loose, left: LeftOut): Node {
  const parts = listOf(message['content']).map(objectOf)
  const texts: string[] = []
  const thoughts: string[] = []
  for (const { type, text, think } of parts) {
    if (type === 'text') texts.push(textOf(text) || textOf(objectOf(text)['value']))
    else if (type === 'think') thoughts.push(textOf(think) || textOf(objectOf(think)['value']))
    else left.add('a call of a tool, an image or a file in a message')
  }
  left.add('a file of a message', listOf(message['files']).length + listOf(message['attachments']).length)
  const user =
    typeof message['isCreatedByUser'] === 'boolean'
      ? message['isCreatedByUser']
      : textOf(message['sender']).toLowerCase() === 'user'
  return {
    id,
    parent,
    role: user ? 'user' : 'assistant',
    text: texts.length > 0 ? texts.join('\n\n') : textOf(message['text']),
    thought: thoughts.join('\n\n'),
    model: user ? null : nameOf(message['model']),
    created: timeOf(message['createdAt']),
  }
}
