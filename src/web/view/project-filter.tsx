import type { ProjectId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say } from '../words/say.ts'

/** Which chats the list shows: all, or those of a project. There where there are projects. */
export function ProjectFilter() {
  const { projects } = useApp()
  const only = useCell(projects.only)
  const { projects: known } = useCell(projects.state)
  if (known.length === 0) return null
  return (
    <select
      aria-label={say('Chats of which project')}
      className="mt-1 min-h-9 w-full rounded-xl border border-line bg-side px-2 text-[13.5px] text-soft hover:bg-hover phone:min-h-10"
      value={only ?? ''}
      onChange={({ target }) => projects.only.set(target.value === '' ? null : (target.value as ProjectId))}
      // The arrows choose here, and do not move in the list.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <option value="">{say('All chats')}</option>
      {known.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}
