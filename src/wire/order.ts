import type { Message } from './message.ts'

/**
 * Messages in the order in which they are to be read: each answer behind its question, however late it was stored. An answer whose question
 * is not among them comes first.
 */
export function inOrder(messages: readonly Message[]): Message[] {
  const answers = new Map(messages.flatMap((m) => (m.role === 'assistant' ? [[m.run, m] as const] : [])))
  const asked = new Set(messages.flatMap((m) => (m.role === 'user' ? [m.run] : [])))
  const orphans = messages.filter((m) => m.role === 'assistant' && !asked.has(m.run))
  return [
    ...orphans,
    ...messages.flatMap((m) => {
      if (m.role === 'assistant') return []
      const answer = answers.get(m.run)
      return answer ? [m, answer] : [m]
    }),
  ]
}
