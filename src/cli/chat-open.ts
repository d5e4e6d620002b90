import type { RunId, SessionId } from '../wire/id.ts'
import type { Chat } from './chat-state.ts'
import { clean, cleanLine } from './clean.ts'
import { prose } from './prose.ts'
import { bold, cyan, grey } from './terminal.ts'

const same = (text: string): string => text

/** Goes on with a session, and shows how it stands; what is under way in it is to be shown next. */
export async function openSession(chat: Chat, session: SessionId): Promise<RunId | null> {
  const { title, active, tip } = await chat.client.call('sessionsRead', { params: { session } })
  chat.session = session
  chat.run = tip
  chat.screen.note(bold(cleanLine(title)))
  await tellMessages(chat, 4)
  return active
}

/** What was said last. */
export async function tellMessages({ client, screen, session }: Chat, most: number): Promise<void> {
  if (session === null) return
  const { messages, next } = await client.call('messagesList', { params: { session }, query: { limit: most } })
  if (next !== null) screen.note(grey('… (what was said before is left out: /history, or /export FILE)'))
  for (const { role, text, agent, attachments } of messages) {
    screen.note(role === 'user' ? grey('you') : grey(agent ?? 'agent'))
    const layout = prose(screen.columns, { bold, code: cyan, words: same })
    for (const { text: words, styled } of [layout.push(clean(text)), layout.end()]) screen.write(words, styled)
    for (const { name } of attachments) screen.note(grey(`  with ${cleanLine(name)}`))
    if (screen.open()) screen.write('\n')
  }
}
