import { pathOf } from '../../client/call.ts'
import { API } from '../../wire/api.ts'
import type { Session } from '../../wire/message.ts'
import { goTo, goToAgents, goToComparison, goToMemory, goToPlace, goToProjects } from '../live/address.ts'
import { isPhone, type App } from '../live/app.ts'
import { liveIn } from '../live/live-run.ts'
import { CHOICES, type Choices } from '../live/settings.ts'
import { SHORTCUTS, toggleTrace, type ShortcutName } from '../live/shortcuts.ts'
import { runOf, type Turn } from '../state/talk.ts'
import type { IconName } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** Something that the page can do. `also` are words that it is looked for with; it is shown only while it `can` be done. */
export type Command = {
  id: string
  icon: IconName
  name: (app: App) => string
  also?: () => string
  key?: ShortcutName
  can?: (app: App) => boolean
  act: (app: App) => void
}

const chatNow = ({ sessions, talk }: App): Session | undefined => {
  const { session } = talk.place.get()
  return sessions.state.get().sessions.find(({ id }) => id === session)
}
const inChat = (app: App): boolean => chatNow(app) !== undefined
const onChat = (act: (app: App, chat: Session) => void) => (app: App) => {
  const chat = chatNow(app)
  if (chat !== undefined) act(app, chat)
}
const newest = ({ talk }: App): Turn | undefined => talk.place.get().talk.turns.at(-1)
const isLive = ({ talk }: App): boolean => liveIn(talk.place.get()) !== null

const save = ({ id }: Session, format: 'json' | 'markdown'): void =>
  fetchFile(pathOf(API.sessionsExport.path, { session: id }, { format }))

function fetchFile(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}

const themeNames = (): Record<Choices['theme'][number], string> => ({
  system: say('Theme: as the system'),
  light: say('Theme: light'),
  dark: say('Theme: dark'),
  'contrast-light': say('Theme: high contrast, light'),
  'contrast-dark': say('Theme: high contrast, dark'),
})

export const COMMANDS: readonly Command[] = [
  { id: 'new', icon: 'plus', name: () => say('New chat'), key: 'newChat', act: SHORTCUTS.newChat.act },
  {
    id: 'stop',
    icon: 'stop',
    name: () => say('Stop the answer'),
    key: 'stop',
    can: isLive,
    act: ({ talk }) => {
      const live = liveIn(talk.place.get())
      if (live !== null) talk.stop(live.run)
    },
  },
  {
    id: 'again',
    icon: 'again',
    name: () => say('Answer the last message again'),
    also: () => say('regenerate retry'),
    can: (app) => {
      const turn = newest(app)
      return turn !== undefined && runOf(turn) !== null && !isLive(app)
    },
    act: (app) => {
      const turn = newest(app)
      if (turn !== undefined) app.talk.another(turn, {})
    },
  },
  {
    id: 'versions',
    icon: 'columns',
    name: () => say('Show the versions of the last answer side by side'),
    also: () => say('compare'),
    can: (app) => (newest(app)?.runs.length ?? 0) > 1,
    act: (app) => {
      const { session } = app.talk.place.get()
      const turn = newest(app)
      const run = turn === undefined ? null : runOf(turn)
      if (session !== null && run !== null) goToComparison(session, run)
    },
  },
  {
    id: 'compare',
    icon: 'columns',
    name: () => say('Have the next message answered by several, side by side'),
    also: () => say('compare'),
    can: ({ view }) => view.get() === 'chat',
    act: ({ desk }) => desk.set({ open: 'compare', answered: null }),
  },
  {
    id: 'trace',
    icon: 'pulse',
    name: ({ panels }) => (panels.get().trace ? say('Hide the trace') : say('Show the trace')),
    also: () => say('how it came about waterfall'),
    key: 'trace',
    act: toggleTrace,
  },
  {
    id: 'link',
    icon: 'link',
    name: () => say('Copy the link of this chat'),
    can: inChat,
    act: onChat(({ aloud }, { id }) => {
      navigator.clipboard.writeText(`${location.origin}${location.pathname}#s=${id}`).then(
        () => aloud.set(say('Copied')),
        () => aloud.set(say('The browser did not allow copying')),
      )
    }),
  },
  {
    id: 'pin',
    icon: 'pin',
    name: (app) => (chatNow(app)?.pinned === true ? say('Unpin this chat') : say('Pin this chat')),
    can: inChat,
    act: onChat(({ sessions }, chat) => sessions.change(chat, { pinned: !chat.pinned })),
  },
  {
    id: 'archive',
    icon: 'box',
    name: (app) =>
      chatNow(app)?.archived === true ? say('Take this chat out of the archive') : say('Archive this chat'),
    can: inChat,
    act: onChat(({ sessions }, chat) => sessions.change(chat, { archived: !chat.archived })),
  },
  {
    id: 'markdown',
    icon: 'get',
    name: () => say('Save this chat as Markdown'),
    also: () => say('export download'),
    can: inChat,
    act: onChat((_, chat) => save(chat, 'markdown')),
  },
  {
    id: 'json',
    icon: 'get',
    name: () => say('Save this chat as JSON'),
    also: () => say('export download'),
    can: inChat,
    act: onChat((_, chat) => save(chat, 'json')),
  },
  {
    id: 'delete',
    icon: 'bin',
    name: () => say('Delete this chat'),
    also: () => say('remove'),
    can: inChat,
    act: onChat(({ sessions }, chat) => {
      sessions.remove(chat)
      goTo(null)
    }),
  },
  {
    id: 'models',
    icon: 'chip',
    name: () => say('Models'),
    also: () => say('download get'),
    key: 'models',
    can: ({ view }) => view.get() !== 'models',
    act: () => goToPlace('models'),
  },
  {
    id: 'agents',
    icon: 'people',
    name: () => say('Agents'),
    also: () => say('who answers instructions routing'),
    key: 'agents',
    can: ({ view }) => view.get() !== 'agents',
    act: () => goToPlace('agents'),
  },
  {
    id: 'new-agent',
    icon: 'people',
    name: () => say('Make your own agent'),
    also: () => say('new create'),
    act: () => goToAgents('+'),
  },
  {
    id: 'projects',
    icon: 'project',
    name: () => say('Projects'),
    also: () => say('folder instructions documents'),
    act: () => goToProjects(),
  },
  {
    id: 'memory',
    icon: 'memory',
    name: () => say('Memory'),
    also: () => say('remember facts forget'),
    act: () => goToMemory(),
  },
  {
    id: 'snippets',
    icon: 'quote',
    name: () => say('Snippets'),
    also: () => say('texts that are written often'),
    act: () => goToMemory('snippets'),
  },
  {
    id: 'documents',
    icon: 'page',
    name: () => say('Documents for all chats'),
    also: () => say('files folder search index'),
    act: () => goToMemory('documents'),
  },
  {
    id: 'settings',
    icon: 'gear',
    name: () => say('Settings'),
    also: () => say('language size of the text'),
    can: ({ view }) => view.get() !== 'settings',
    act: () => goToPlace('settings'),
  },
  ...CHOICES.theme.map((theme): Command => ({
    id: `theme-${theme}`,
    icon: theme.endsWith('light') ? 'sun' : theme.endsWith('dark') ? 'moon' : 'half',
    name: () => themeNames()[theme],
    also: () => say('colours'),
    can: ({ settings }) => settings.theme.get() !== theme,
    act: ({ settings }) => settings.theme.set(theme),
  })),
  {
    id: 'chats',
    icon: 'menu',
    name: ({ panels }) => (panels.get().chats ? say('Hide the list of chats') : say('Show the list of chats')),
    can: () => !isPhone(),
    act: ({ panels }) => panels.set({ ...panels.get(), chats: !panels.get().chats }),
  },
  {
    id: 'import',
    icon: 'get',
    name: () => say('Import chats…'),
    also: () => say('bring in file ChatGPT Open WebUI LibreChat'),
    act: ({ desk }) => desk.set({ open: 'bring', files: [] }),
  },
  {
    id: 'export-all',
    icon: 'get',
    name: () => say('Save all chats as a file'),
    also: () => say('export download backup JSON'),
    act: () => fetchFile(API.exportAll.path),
  },
  {
    id: 'archived',
    icon: 'drawer',
    name: () => say('Archive'),
    can: ({ view }) => view.get() !== 'archive',
    act: () => goToPlace('archive'),
  },
  {
    id: 'demo',
    icon: 'play',
    name: () => say('Watch a recorded answer'),
    also: () => say('demo example'),
    can: ({ view }) => view.get() !== 'demo',
    act: () => goToPlace('demo'),
  },
  {
    id: 'keys',
    icon: 'keys',
    name: () => say('Keyboard shortcuts'),
    also: () => say('help'),
    key: 'keys',
    can: () => !isPhone(),
    act: SHORTCUTS.keys.act,
  },
]
