import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { ASK_ALL } from '../live/find.ts'
import { isMac, keyName } from '../live/key-names.ts'
import { nextTheme } from '../live/settings.ts'
import { SHORTCUTS, toggleTrace } from '../live/shortcuts.ts'
import { titleOf } from '../state/session-groups.ts'
import { say } from '../words/say.ts'
import { Icon, type IconName } from './icons.tsx'
import { ChatProjectLater } from './later.tsx'
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
  const app = useApp()
  const { find, panels, projects, settings, sessions, talk, view } = app
  const shown = useCell(panels)
  const chosen = themes()[useCell(settings.theme)]
  const { session: id } = useCell(talk.place)
  const chat = useCell(view) === 'chat'
  const session = useCell(sessions.state).sessions.find((known) => chat && known.id === id)
  const [renaming, setRenaming] = useState(false)
  const shared = useCell(projects.state).projects.length > 0 && chat && (session !== undefined || id === null)
  return (
    <header className="@container flex h-14 flex-none items-center gap-1 px-3">
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
      {shared && <ChatProjectLater key={session?.id ?? ''} session={session} />}
      <button
        type="button"
        className="mr-1 inline-flex h-9 flex-none items-center gap-2 rounded-full border border-line pr-2 pl-3 text-[13px] text-soft transition-colors hover:bg-hover hover:text-ink phone:size-10 phone:justify-center phone:border-0 phone:p-0 min-[760px]:@max-[600px]:px-2.5"
        aria-haspopup="dialog"
        aria-keyshortcuts={isMac() ? 'Meta+K' : 'Control+K'}
        title={`${say('Search')} (${keyName(SHORTCUTS.find.key)})`}
        onClick={() => find.set(ASK_ALL)}
      >
        <Icon name="researcher" className="size-[17px] phone:size-[19px]" />
        <span className="phone:sr-only @max-[600px]:sr-only">{say('Search')}</span>
        <kbd className="ml-2 font-sans text-[12px] text-faint phone:hidden @max-[600px]:hidden" aria-hidden="true">
          {keyName(SHORTCUTS.find.key)}
        </kbd>
      </button>
      <ModelBadge />
      <button
        type="button"
        className={`tap ${shown.trace ? 'bg-hover text-ink' : ''}`}
        aria-pressed={shown.trace}
        aria-label={say('Trace')}
        title={`${say('Trace')} (${keyName(SHORTCUTS.trace.key)})`}
        onClick={() => toggleTrace(app)}
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
        className="tap phone:hidden"
        aria-label={chosen.name}
        title={chosen.name}
        onClick={() => nextTheme(settings)}
      >
        <Icon name={chosen.icon} />
      </button>
    </header>
  )
}
