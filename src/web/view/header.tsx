import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { titleOf } from '../state/session-groups.ts'
import { Icon, type IconName } from './icons.tsx'
import { ModelBadge } from './model-badge.tsx'
import { TitleInput } from './title-input.tsx'

const THEMES = {
  system: { icon: 'half', name: 'Theme: as the system' },
  light: { icon: 'sun', name: 'Theme: light' },
  dark: { icon: 'moon', name: 'Theme: dark' },
} as const satisfies Record<string, { icon: IconName; name: string }>

export function Header() {
  const { panels, theme, sessions, talk, view } = useApp()
  const shown = useCell(panels)
  const chosen = THEMES[useCell(theme.theme)]
  const { session: id } = useCell(talk.place)
  const chat = useCell(view) === 'chat'
  const session = useCell(sessions.state).sessions.find((known) => chat && known.id === id)
  const [renaming, setRenaming] = useState(false)
  return (
    <header className="flex h-14 flex-none items-center gap-1 px-3">
      {!shown.chats && (
        <button
          type="button"
          className="tap"
          aria-label="Open the list of chats"
          title="Chats"
          onClick={() => panels.set({ ...shown, chats: true })}
        >
          <Icon name="menu" />
        </button>
      )}
      <div className="min-w-0 flex-1 px-2">
        {session !== undefined && renaming ? (
          <div className="max-w-96">
            <TitleInput session={session} done={() => setRenaming(false)} />
          </div>
        ) : (
          session !== undefined && (
            <h1 className="min-w-0">
              <button
                type="button"
                title="Rename"
                className="max-w-full truncate rounded-md px-1.5 py-1 text-[14.5px] font-[540] hover:bg-hover"
                onClick={() => setRenaming(true)}
              >
                {titleOf(session)}
              </button>
            </h1>
          )
        )}
      </div>
      <ModelBadge />
      <button
        type="button"
        className={`tap ${shown.trace ? 'bg-hover text-ink' : ''}`}
        aria-pressed={shown.trace}
        aria-label="Trace"
        title="Trace (Ctrl .)"
        onClick={() => panels.set({ ...shown, trace: !shown.trace, traced: null })}
      >
        <Icon name="pulse" />
      </button>
      <button
        type="button"
        className="tap phone:hidden"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => panels.set({ ...shown, keys: true })}
      >
        <Icon name="keys" />
      </button>
      <button type="button" className="tap" aria-label={chosen.name} title={chosen.name} onClick={theme.next}>
        <Icon name={chosen.icon} />
      </button>
    </header>
  )
}
