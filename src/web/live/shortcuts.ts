import { useEffect } from 'react'
import { composer, focusMessage } from '../view/message-keys.ts'
import { goTo, goToAgents, goToModels, leaveMoment } from './address.ts'
import type { App } from './app.ts'
import { ASK_ALL } from './find.ts'
import { pressed } from './key-names.ts'
import { liveIn } from './live-run.ts'

/** `typing`: also while something is being written. What `act` answers with true is for the browser as well. */
type Shortcut = { key: string; typing?: true; act: (app: App) => unknown }

/** The keys that work everywhere. What handles them and what lists them both read this table. */
export const SHORTCUTS = {
  find: { key: 'Mod+K', typing: true, act: ({ find }) => find.set(find.get() === null ? ASK_ALL : null) },
  write: { key: '/', act: write },
  stop: { key: 'Escape', typing: true, act: stopOrClose },
  newChat: { key: 'Mod+Shift+O', typing: true, act: ({ projects }) => goTo(null, projects.only.get()) },
  before: { key: 'Alt+ArrowUp', typing: true, act: () => focusMessage(-1) },
  after: { key: 'Alt+ArrowDown', typing: true, act: () => focusMessage(1) },
  end: { key: 'End', act: toEnd },
  trace: { key: 'Mod+.', typing: true, act: toggleTrace },
  models: {
    key: 'Mod+,',
    typing: true,
    act: ({ view, toChat }) => (view.get() === 'models' ? toChat() : goToModels()),
  },
  agents: {
    key: 'Mod+;',
    typing: true,
    act: ({ view, toChat }) => (view.get() === 'agents' ? toChat() : goToAgents()),
  },
  keys: { key: '?', act: ({ panels }) => panels.set({ ...panels.get(), keys: true }) },
} as const satisfies Record<string, Shortcut>
export type ShortcutName = keyof typeof SHORTCUTS

const table: readonly Shortcut[] = Object.values(SHORTCUTS)

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function useShortcuts(app: App): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.key === 'Escape' && document.querySelector('[popover=auto]:popover-open') !== null) return
      const key = pressed(event)
      const shortcut = table.find((each) => each.key === key)
      const covered = document.querySelector('dialog[open]') !== null
      const asked = app.find.get()
      if (asked !== null && !covered && key.length === 1) {
        // The palette is on its way: what is typed is meant for it.
        app.find.set({ ...asked, text: asked.text + event.key })
        event.preventDefault()
        return
      }
      if (shortcut === undefined || (covered && shortcut !== SHORTCUTS.find)) return
      if (shortcut.typing !== true && isTyping(event.target)) return
      if (shortcut.act(app) !== true) event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    // `theme-before-paint.js` kept what was pressed until now.
    dispatchEvent(new Event('pkn.ready'))
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [app])
}

function write({ toChat }: App): void {
  toChat()
  composer()?.focus()
}

function toEnd(): void {
  const log = document.querySelector('[role=log]')
  log?.scrollTo({ top: log.scrollHeight })
}

/** Stops the answer that is being written; asked again, or when there is none, closes what lies beside the chat. */
function stopOrClose(app: App): unknown {
  const { find, panels, talk, view, toChat } = app
  if (find.get() !== null) return find.set(null)
  if (view.get() !== 'chat') return isTyping(document.activeElement) || toChat()
  const live = liveIn(talk.place.get())
  if (live !== null && !live.view.get().stopping) return talk.stop(live.run)
  if (live === null && talk.stopUnsent()) return
  if (!panels.get().trace) return true
  toggleTrace(app)
}

export function toggleTrace({ panels, moment, talk }: App): void {
  const { trace } = panels.get()
  if (trace) {
    const within = document.activeElement?.closest('aside.trace') != null
    moment.set(null)
    leaveMoment(talk.place.get().session)
    if (within) document.querySelector<HTMLElement>('[role=log]')?.focus()
  }
  panels.set({ ...panels.get(), trace: !trace, traced: null })
}
