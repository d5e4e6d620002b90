import type { RouteName } from '../../wire/api.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say } from '../words/say.ts'

/** Whatever the server takes longer than a moment for is said here, over the page, so that nothing on it moves. */
export function Waiting() {
  const { waiting, reach } = useApp()
  const what = useCell(waiting)
  const here = useCell(reach.server).state === 'here'
  if (what === null || !here) return null
  return (
    <p
      role="status"
      data-testid="waiting"
      className="pointer-events-none fixed top-2.5 left-1/2 z-50 flex min-h-9 max-w-[80vw] -translate-x-1/2 items-center gap-2.5 rounded-full border border-line bg-raise px-4 text-[13.5px] text-soft shadow-card"
    >
      <span className="breathe size-2 flex-none rounded-full bg-accent" />
      <span className="truncate">{(WORDS[what] ?? working)()}</span>
    </p>
  )
}

const reading = () => say('Reading the list of chats…')
const opening = () => say('Opening the chat…')
const saving = () => say('Saving…')
const working = () => say('The server is at work…')

const WORDS: Partial<Record<RouteName, () => string>> = {
  sessionsList: reading,
  sessionsRead: reading,
  foldersList: reading,
  messagesList: opening,
  runsRead: opening,
  runsFollow: opening,
  sessionsChange: saving,
  foldersChange: saving,
  agentsWrite: saving,
  sessionsRemove: () => say('Deleting the chat…'),
  sessionsRestore: () => say('Bringing the chat back…'),
  messagesWithdraw: () => say('Taking the message back…'),
  runsAgain: () => say('Asking again…'),
  search: () => say('Searching…'),
  importFile: () => say('Reading the file…'),
  route: () => say('Choosing an agent…'),
}
