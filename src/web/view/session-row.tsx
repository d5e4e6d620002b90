import { memo, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { goTo } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { titleOf } from '../state/session-groups.ts'
import { Icon } from './icons.tsx'
import { TitleInput } from './title-input.tsx'

/** A chat in the list: opens, and can be renamed in place and removed. */
export const SessionRow = memo(
  function SessionRow({ session, current, go }: { session: Session; current: boolean; go: () => void }) {
    const { sessions } = useApp()
    const [renaming, setRenaming] = useState(false)
    const remove = () => {
      sessions.remove(session)
      if (current) goTo(null)
    }
    if (renaming)
      return (
        <li>
          <TitleInput session={session} done={() => setRenaming(false)} />
        </li>
      )
    return (
      <li className="group relative">
        <button
          type="button"
          aria-current={current ? 'page' : undefined}
          onClick={go}
          onDoubleClick={() => setRenaming(true)}
          className={`flex min-h-9 w-full items-center gap-2 rounded-xl px-2.5 text-left text-[14px] transition-colors phone:min-h-11 phone:pr-[4.75rem] ${current ? 'bg-hover font-[540] text-ink' : 'text-soft hover:bg-hover hover:text-ink'}`}
        >
          <span className="min-w-0 truncate group-focus-within:pr-14 group-hover:pr-14 phone:pr-0!">
            {titleOf(session)}
          </span>
          {session.active !== null && (
            <span className="breathe ml-auto size-2 flex-none rounded-full bg-accent group-focus-within:hidden group-hover:hidden phone:block!">
              <span className="sr-only">is being answered</span>
            </span>
          )}
        </button>
        <span className="absolute inset-y-0 right-1 flex items-center opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 phone:opacity-100">
          <button
            type="button"
            className="tap size-8 min-h-0 min-w-0"
            aria-label={`Rename ${titleOf(session)}`}
            title="Rename"
            onClick={() => setRenaming(true)}
          >
            <Icon name="pencil" className="size-4" />
          </button>
          <button
            type="button"
            className="tap size-8 min-h-0 min-w-0"
            aria-label={`Remove ${titleOf(session)}`}
            title="Remove"
            onClick={remove}
          >
            <Icon name="bin" className="size-4" />
          </button>
        </span>
      </li>
    )
  },
  (a, b) => a.session === b.session && a.current === b.current,
)
