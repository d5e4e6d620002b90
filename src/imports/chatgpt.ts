import { idOf, isObject, listOf, nameOf, objectOf, textOf, timeOf, type Loose } from './loose.ts'
import type { LeftOut } from './skipped.ts'
import type { Node, Tree } from './tree.ts'

/** A conversation of ChatGPT's conversations.json: `mapping` holds the nodes, `current_node` the one shown last. */
export const isChatgpt = (value: Loose): boolean => isObject(value['mapping'])

export function chatgpt(value: Loose, left: LeftOut): Tree {
  const nodes = Object.entries(objectOf(value['mapping'])).map(([id, node]): Node => {
    const { parent, message } = objectOf(node)
    return { id, parent: idOf(parent), ...said(objectOf(message), left) }
  })
  return {
    title: textOf(value['title']),
    created: timeOf(value['create_time']),
    updated: timeOf(value['update_time']),
    pinned: value['is_starred'] === true,
    archived: value['is_archived'] === true,
    nodes,
    current: idOf(value['current_node']),
  }
}

function said(message: Loose, left: LeftOut): Omit<Node, 'id' | 'parent'> {
  const { content, metadata, recipient, create_time } = message
  const { content_type: kind, parts, text, language, thoughts } = objectOf(content)
  const { model_slug, is_visually_hidden_from_conversation: hidden } = objectOf(metadata)
  const author = objectOf(message['author'])['role']
  const of = { model: nameOf(model_slug), created: timeOf(create_time), thought: '', text: '' }
  const other = { ...of, role: 'other' as const }
  if (author !== 'user' && author !== 'assistant') {
    if (author === 'tool') left.add('what a tool answered')
    return other
  }
  if (hidden === true) return other
  if (author === 'assistant' && typeof recipient === 'string' && recipient !== 'all') {
    left.add('the call of a tool')
    return other
  }
  const strings = listOf(parts).filter((part) => typeof part === 'string')
  switch (kind) {
    case 'text':
    case 'multimodal_text':
      left.add('an image, a sound or a file in a message', listOf(parts).length - strings.length)
      if (author === 'assistant' && strings.join('') === '') return other
      return { ...of, role: author, text: strings.join('\n\n') }
    case 'code':
      return { ...of, role: author, text: `\`\`\`${textOf(language).replaceAll(/\W/g, '')}\n${textOf(text)}\n\`\`\`` }
    case 'thoughts': {
      const thought = listOf(thoughts)
        .map((one) => textOf(objectOf(one)['content']))
        .join('\n\n')
      return { ...of, role: author, thought }
    }
    case 'reasoning_recap':
    case 'user_editable_context':
    case undefined:
      return other
    default:
      left.add(`a message of the kind ${textOf(kind).slice(0, 40) || 'unknown'}`)
      return other
  }
}
