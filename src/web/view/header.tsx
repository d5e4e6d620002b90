import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { nextTheme } from '../live/settings.ts'
import { titleOf } from '../state/session-groups.ts'
import { say } from '../words/say.ts'
import { Icon, type IconName } from './icons.tsx'
import { ModelBadge } from './model-badge.tsx'
import { TitleInput } from './title-input.tsx'

const themes = () =>
  ({
    system: { icon: 'half', name: say('Theme: as the system') },
    light: { icon: 'sun', name: say('Theme: light') },
    dark: { icon: 'moon', name: say('Theme: dark') },
    'contrast-light': { icon: 'sun', name: say('Theme: high contrast, light') },
    'contrast-dark': { icon: 'moon', name: say('Theme: high contrast, dark') },
  }) as const satisfies Record<string, { icon: IconName; name: string }>

export function Header() {
  const { panels, settings, sessions, talk, view } = useApp()
  const shown = useCell(panels)
  const chosen = themes()[useCell(settings.theme)]
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
          aria-label={say('Open the list of chats')}
          title={say('Chats')}
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
                title={say('Rename')}
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
        aria-label={say('Trace')}
        title={say('Trace (Ctrl .)')}
        onClick={() => panels.set({ ...shown, trace: !shown.trace, traced: null })}
      >
        <Icon name="pulse" />
      </button>
      <button
        type="button"
        className="tap phone:hidden"
        aria-label={say('Keyboard shortcuts')}
        title={say('Keyboard shortcuts (?)')}
        onClick={() => panels.set({ ...shown, keys: true })}
      >
        <Icon name="keys" />
      </button>
      <button
        type="button"
        className="tap"
        aria-label={chosen.name}
        title={chosen.name}
        onClick={() => nextTheme(settings)}
      >
        <Icon name={chosen.icon} />
      </button>
    </header>
  )
}
