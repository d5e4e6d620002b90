import type { SessionArchive } from '../../src/wire/archive.ts'
import { newMessageId, newRunId, type AgentName } from '../../src/wire/id.ts'
import { longAnswer } from './long-answer.ts'

const MATHS = String.raw`The chance that two of $n$ readers collide is $p \approx 1 - e^{-n^2/(2N)}$:

$$
p(n) = 1 - \prod_{k=1}^{n-1}\left(1 - \frac{k}{N}\right) \approx \frac{n(n-1)}{2N}
$$
`

/** A chat of so many messages, questions and answers by turns: short ones, code, tables, lists and formulas mixed. */
export function longSession(messages: number): SessionArchive {
  const begun = Date.parse('2026-01-01T00:00:00Z')
  const time = (minutes: number) => new Date(begun + minutes * 60_000).toISOString()
  const rich = longAnswer(700).join('')
  const turns: SessionArchive['turns'] = []
  for (let i = 0; i < messages / 2; i++) {
    const kinds = [
      `Answer ${i}, a short one.`,
      `Answer ${i}, of some length. ${rich.slice(12, 200 + (i % 13) * 90)}`,
      rich.replace('Part 1', `Answer ${i}`),
      `Answer ${i}, with formulas.\n\n${MATHS}\n${MATHS}`,
    ]
    const answer = newRunId()
    turns.push({
      id: newMessageId(),
      after: turns.at(-1)?.answers[0]?.id ?? null,
      text: `Question ${i}: ${'what comes after this, and why? '.repeat(1 + (i % 5))}`,
      created: time(2 * i),
      answers: [
        {
          id: answer,
          created: time(2 * i),
          answered: time(2 * i + 1),
          wish: { agent: null, backend: 'local', model: null, priority: 'interactive' },
          text: kinds[i % kinds.length]!,
          agent: 'general' as AgentName,
          model: 'bench',
          reason: 'done',
          fault: null,
        },
      ],
    })
  }
  const session = {
    title: `${messages} messages`,
    named: true,
    created: time(0),
    updated: time(messages),
    tip: turns.at(-1)?.answers[0]?.id ?? null,
    pinned: false,
    folder: null,
    archived: false,
  }
  return { pkn: 'session', version: 1, session, turns }
}

/** Brings it to a server; answers with its address in the page. */
export async function bringSession(url: string, archive: SessionArchive): Promise<string> {
  const response = await fetch(`${url}/v1/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'long.json', text: JSON.stringify(archive) }),
  })
  if (!response.ok) throw new Error(`import: ${await response.text()}`)
  const { sessions } = (await response.json()) as { sessions: { id: string }[] }
  return `${url}/pkn.html#s=${sessions[0]!.id}`
}
