import type { ArchivedAnswer, ArchivedTurn, SessionArchive } from '../wire/archive.ts'
import type { RunId } from '../wire/id.ts'
import { document } from './export-run.ts'
import { contained, inlineCode, plainLine, quoted } from './markdown.ts'

/** A session as a document: the path that is shown, then what else was tried. */
export function sessionMarkdown(archive: SessionArchive): string {
  const { session, turns } = archive
  const path = pathTo(archive)
  const onPath = new Set(path.map(({ turn }) => turn))
  const others = turns.filter((turn) => !onPath.has(turn))
  const versions = path.flatMap(({ turn, answer }) =>
    turn.answers.filter((other) => other !== answer).map((other) => ({ turn, other })),
  )
  return document([
    `# ${plainLine(session.title) || 'A session'}`,
    `Begun ${session.created}, last used ${session.updated}.`,
    ...path.flatMap(({ turn, answer }) => [...asked(turn), ...(answer ? answered(answer) : [])]),
    ...(versions.length > 0
      ? [
          '# Other answers',
          ...versions.flatMap(({ turn, other }) => [`To: ${plainLine(turn.text)}`, ...answered(other)]),
        ]
      : []),
    ...(others.length > 0
      ? ['# Other branches', ...others.flatMap((turn) => [...asked(turn), ...turn.answers.flatMap(answered)])]
      : []),
  ])
}

type Pair = { turn: ArchivedTurn; answer: ArchivedAnswer | null }

/** From the tip upwards; a tip that is not there shows the newest. */
export function pathTo({ session, turns }: SessionArchive): Pair[] {
  const owners = new Map<RunId, Pair>()
  for (const turn of turns) for (const answer of turn.answers) owners.set(answer.id, { turn, answer })
  const newest = turns.at(-1)
  const unanswered = newest && newest.answers.length === 0 && newest.after === session.tip ? newest : null
  const path: Pair[] = unanswered ? [{ turn: unanswered, answer: null }] : []
  const passed = new Set<ArchivedTurn>()
  let at: RunId | null = session.tip ?? (unanswered ? null : (newest?.answers.at(-1)?.id ?? null))
  while (at !== null) {
    const pair = owners.get(at)
    if (pair === undefined || passed.has(pair.turn)) break
    passed.add(pair.turn)
    path.unshift(pair)
    at = pair.turn.after
  }
  return path
}

const asked = (turn: ArchivedTurn): string[] => [
  '## You',
  quoted(turn.text),
  (turn.files ?? []).map((file) => `- Attached: ${plainLine(file.name)}`).join('\n'),
]

const answered = (answer: ArchivedAnswer): string[] => [
  `## ${plainLine(answer.agent ?? 'Answer')}`,
  answer.model === null ? '' : `Model ${inlineCode(answer.model)}, ${answer.created}`,
  answer.text === '' ? '(no words)' : contained(answer.text),
  answer.reason === 'done'
    ? ''
    : `**${answer.reason ?? 'still under way'}**${answer.fault ? ` ${plainLine(answer.fault.message)}` : ''}`,
]
