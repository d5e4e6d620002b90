import { say } from '../words/say.ts'
import { sayWith } from '../words/say-with.tsx'
import { useLessons } from './lesson-calls.ts'
import { useHash } from './where.ts'

export const LESSONS = '#/agents/-learnt'

/** Says, where another agent can be asked instead, that this is remembered: nothing is learnt in secret. */
export function LearnNote() {
  const { lessons } = useLessons(1)
  // What is shown there was played before.
  const demo = useHash() === '#/demo'
  if (demo || lessons === null || !lessons.learns || lessons.fault !== null) return null
  const list = (
    <a href={LESSONS} className="underline underline-offset-2 hover:text-ink">
      {say('What was learnt')}
    </a>
  )
  return (
    <p className="mt-2 text-[13px] text-faint" data-testid="learn-note">
      {sayWith('Messages like this then go there by themselves. {list}', { list })}
    </p>
  )
}
