import { goTo, goToAgents, goToMemory, goToModels, goToPlace, goToProjects, type Place } from '../live/address.ts'
import { isPhone, useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { ASK_CHATS } from '../live/find.ts'
import { keyName } from '../live/key-names.ts'
import { SHORTCUTS, type ShortcutName } from '../live/shortcuts.ts'
import { Icon, type IconName } from './icons.tsx'
import { WaitsLater } from './later.tsx'
import { say } from '../words/say.ts'
import { SessionSections } from './session-sections.tsx'

const VIEWS: readonly { view: Place; icon: IconName; name: () => string; key?: ShortcutName; act: () => void }[] = [
  { view: 'models', icon: 'chip', name: () => say('Models'), key: 'models', act: goToModels },
  { view: 'agents', icon: 'people', name: () => say('Agents'), key: 'agents', act: () => goToAgents() },
  { view: 'projects', icon: 'project', name: () => say('Projects'), act: () => goToProjects() },
  { view: 'memory', icon: 'memory', name: () => say('Memory'), act: () => goToMemory() },
]

export function Sidebar() {
  const { desk, find, talk, panels, projects, view } = useApp()
  const shown = useCell(view)
  const { session } = useCell(talk.place)
  const current = shown === 'chat' ? session : null
  const shut = () => {
    if (isPhone()) panels.set({ ...panels.get(), chats: false })
  }
  const go = (session: Parameters<typeof goTo>[0]) => {
    goTo(session)
    shut()
  }
  return (
    <nav
      aria-label={say('Chats')}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.currentTarget.toggleAttribute('data-over', true)
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget))
          currentTarget.toggleAttribute('data-over', false)
      }}
      onDrop={(event) => {
        event.currentTarget.toggleAttribute('data-over', false)
        if (event.dataTransfer.files.length === 0) return
        event.preventDefault()
        desk.set({ open: 'bring', files: [...event.dataTransfer.files] })
      }}
      className="data-over:bg-accent-wash low:overflow-y-auto flex h-full w-[17rem] flex-col bg-side phone:w-[min(20rem,86vw)]"
    >
      <div className="flex h-14 flex-none items-center gap-2.5 pr-2 pl-5">
        <Mark />
        <span className="text-[16px] font-[640] tracking-[-0.01em]">PKN</span>
        <button
          type="button"
          className="tap ml-auto"
          aria-label={say('Search your chats')}
          title={say('Search your chats')}
          aria-haspopup="dialog"
          onClick={() => find.set(ASK_CHATS)}
        >
          <Icon name="researcher" />
        </button>
        <button
          type="button"
          className="tap"
          aria-label={say('Close the list of chats')}
          title={say('Close')}
          onClick={() => panels.set({ ...panels.get(), chats: false })}
        >
          <Icon name="menu" />
        </button>
      </div>
      <div className="px-3 pb-2">
        <WaitsLater shut={shut} />
        <button
          type="button"
          onClick={() => {
            goTo(null, projects.only.get())
            shut()
          }}
          className="flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14.5px] font-[540] transition-colors hover:bg-hover"
        >
          <Icon name="plus" className="size-[18px] text-accent" />
          {say('New chat')}
          <kbd className="ml-auto font-sans text-[12px] text-faint phone:hidden">{keyName(SHORTCUTS.newChat.key)}</kbd>
        </button>
        {VIEWS.map(({ view, icon, name, key, act }) => (
          <button
            key={view}
            type="button"
            aria-current={shown === view ? 'page' : undefined}
            onClick={() => {
              act()
              shut()
            }}
            className={`flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14.5px] transition-colors hover:bg-hover ${shown === view ? 'bg-hover font-[540]' : ''}`}
          >
            <Icon name={icon} className="size-[18px] text-accent" />
            {name()}
            {key !== undefined && (
              <kbd className="ml-auto font-sans text-[12px] text-faint phone:hidden">{keyName(SHORTCUTS[key].key)}</kbd>
            )}
          </button>
        ))}
      </div>
      <SessionSections current={current} go={go} />
      <div className="flex-none border-t border-line px-3 py-2">
        <button
          type="button"
          aria-current={shown === 'archive' ? 'page' : undefined}
          onClick={() => {
            goToPlace('archive')
            shut()
          }}
          className={`flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14px] text-soft transition-colors hover:bg-hover hover:text-ink ${shown === 'archive' ? 'bg-hover font-[540] text-ink' : ''}`}
        >
          <Icon name="drawer" className="size-[18px]" />
          {say('Archive')}
        </button>
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => desk.set({ open: 'bring', files: [] })}
          className="flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14px] text-soft transition-colors hover:bg-hover hover:text-ink"
        >
          <Icon name="get" className="size-[18px]" />
          {say('Import chats…')}
        </button>
        <button
          type="button"
          aria-current={shown === 'settings' ? 'page' : undefined}
          onClick={() => {
            goToPlace('settings')
            shut()
          }}
          className={`flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14px] text-soft transition-colors hover:bg-hover hover:text-ink ${shown === 'settings' ? 'bg-hover font-[540] text-ink' : ''}`}
        >
          <Icon name="gear" className="size-[18px]" />
          {say('Settings')}
        </button>
      </div>
    </nav>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path
        d="M11 22.5V10h6.2a4.4 4.4 0 0 1 0 8.8H11"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="21.5" cy="23" r="2" fill="var(--accent-ink)" opacity=".7" />
    </svg>
  )
}
