import type { ProjectId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say } from '../words/say.ts'

const EVERYWHERE = ''
export const SELECT = 'min-h-10 max-w-full min-w-0 rounded-lg border border-rule bg-raise px-2.5 text-[13.5px] text-ink'
const QUIET =
  'min-h-9 max-w-full min-w-0 rounded-lg bg-transparent px-1 text-[13px] text-soft hover:bg-hover hover:text-ink phone:min-h-10'

/** How far something reaches: everywhere, or one project. Nothing to choose where there is no project. */
export function ReachField(props: {
  reach: ProjectId | null
  label: string
  quiet?: true
  choose: (to: ProjectId | null) => void
}) {
  const { projects } = useCell(useApp().projects.state)
  if (projects.length === 0) return null
  return (
    <select
      aria-label={props.label}
      className={props.quiet === true ? QUIET : SELECT}
      value={props.reach ?? EVERYWHERE}
      onChange={({ target }) => props.choose(target.value === EVERYWHERE ? null : (target.value as ProjectId))}
    >
      <option value={EVERYWHERE}>{say('Everywhere')}</option>
      {projects.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
