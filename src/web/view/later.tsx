import { part } from './part.tsx'
import { PlainWays } from './plain-ways.tsx'
import { say } from '../words/say.ts'

const box = (height: string) => () => <div className={height} aria-busy="true" />
const missing = (height: string) => () => (
  <div className={`${height} p-6 text-[14px] text-soft`} role="alert">
    {say('This part of the page could not be loaded.')}{' '}
    <button type="button" className="quiet border border-rule text-ink" onClick={() => location.reload()}>
      {say('Load the page again')}
    </button>
  </div>
)
const spaced = (height: string) => [box(height), missing(height)] as const

const words = part(
  async () => (await import('../markdown/markdown.tsx')).Markdown,
  ({ text }) => <p className="prose whitespace-pre-wrap">{text}</p>,
)
const models = part(async () => (await import('../shelf/models-view.tsx')).ModelsView, ...spaced('flex-1'))
const agents = part(async () => (await import('../agents/agents-view.tsx')).AgentsView, ...spaced('flex-1'))
const settings = part(async () => (await import('../settings/settings-view.tsx')).SettingsView, ...spaced('flex-1'))
const memory = part(async () => (await import('../mind/memory-view.tsx')).MemoryView, ...spaced('flex-1'))
const projects = part(async () => (await import('../mind/projects-view.tsx')).ProjectsView, ...spaced('flex-1'))
const demo = part(async () => (await import('../demo/demo-view.tsx')).DemoView, ...spaced('flex-1'))
const first = part(async () => (await import('../shelf/first-model.tsx')).FirstModel, ...spaced('min-h-60'))
const held = part(async () => (await import('../shelf/held.tsx')).Held, ...spaced('min-h-30'))
const trace = part(
  async () => (await import('../trace/panel.tsx')).TracePanel,
  ...spaced('h-full w-[27rem] border-l border-line phone:w-[100vw]'),
)
const keys = part(async () => (await import('./keys-dialog.tsx')).KeysDialog, ...spaced('hidden'))
const find = part(async () => (await import('../find/palette.tsx')).Palette, ...spaced('hidden'))
const jump = part(
  async () => (await import('../find/jump-note.tsx')).JumpNote,
  () => null,
)
const other = part(async () => (await import('./ask-other.tsx')).AskOther, ...spaced('hidden'))
const tool = part(async () => (await import('../acts/tool-card.tsx')).ToolCard, ...spaced('min-h-10'))
const child = part(async () => (await import('../acts/child-card.tsx')).ChildCard, ...spaced('min-h-10'))
const undo = part(async () => (await import('./undo-toast.tsx')).UndoToast, ...spaced('hidden'))
const removal = part(async () => (await import('./undo-toast.tsx')).RemovalToast, ...spaced('hidden'))
const editor = part(async () => (await import('./message-editor.tsx')).MessageEditor, ...spaced('min-h-30'))
const menu = part(
  async () => (await import('./row-menu.tsx')).RowMenu,
  () => null,
)

const ways = part(
  async () => (await import('./fault-ways.tsx')).FaultWays,
  () => <div className="mt-3 min-h-15" aria-busy="true" />,
  PlainWays,
)

const tray = part(
  async () => (await import('../compose/tray-view.tsx')).TrayView,
  () => <div className="h-20" />,
)
const nothing = () => null
const pastDeeds = part(async () => (await import('../acts/past-deeds.tsx')).PastDeeds, box('min-h-8 phone:min-h-10'))
const todo = part(async () => (await import('../acts/todo-list.tsx')).TodoList, nothing)
const guards = part(async () => (await import('../acts/guards.tsx')).Guards, nothing)
const waits = part(async () => (await import('../acts/waits-row.tsx')).WaitsRow, nothing)
const recalled = part(async () => (await import('../mind/recalled.tsx')).RecalledChip, nothing)
const sources = part(async () => (await import('../mind/answer-sources.tsx')).AnswerSources, nothing)
const passageCard = part(async () => (await import('../mind/passage-card.tsx')).PassageCard, nothing)
const snippetList = part(async () => (await import('../compose/snippet-list.tsx')).SnippetList, nothing)
const chatProject = part(async () => (await import('../mind/chat-project.tsx')).ChatProject, nothing)
const drop = part(async () => (await import('../compose/drop-overlay.tsx')).DropOverlay, nothing)
const quote = part(async () => (await import('../compose/quote-button.tsx')).QuoteButton, nothing)
const agentList = part(async () => (await import('../compose/agent-list.tsx')).AgentList, nothing)
const queued = part(async () => (await import('../compose/queued.tsx')).Queued, ...spaced('min-h-7'))
const sentFiles = part(
  async () => (await import('../compose/sent-files.tsx')).SentFiles,
  ({ files }) => <div className={files.some(({ type }) => type.startsWith('image/')) ? 'h-30' : 'h-15.5'} />,
)
const keptHere = part(async () => (await import('../offline/kept-here.tsx')).KeptHere, nothing)
const startServer = part(async () => (await import('../offline/start-server.tsx')).StartServer, nothing)
const compare = part(async () => (await import('../compare/compare-view.tsx')).CompareView, ...spaced('flex-1'))
const archive = part(async () => (await import('../bring/archive-view.tsx')).ArchiveView, ...spaced('flex-1'))
const desk = part(async () => (await import('./desk.tsx')).Desk, ...spaced('hidden'))

export const FaultWaysLater = ways.View
export const KeptHereLater = keptHere.View
export const StartServerLater = startServer.View
export const DemoLater = demo.View
export const CompareLater = compare.View
export const ArchiveLater = archive.View
export const DeskLater = desk.View
export const MarkdownLater = words.View
export const ModelsLater = models.View
export const AgentsLater = agents.View
export const MemoryLater = memory.View
export const ProjectsLater = projects.View
export const RecalledLater = recalled.View
export const PastDeedsLater = pastDeeds.View
export const SourcesLater = sources.View
export const PassageCardLater = passageCard.View
export const SnippetListLater = snippetList.View
export const ChatProjectLater = chatProject.View
export const RemovalLater = removal.View
export const SettingsLater = settings.View
export const FirstModelLater = first.View
export const HeldLater = held.View
export const TraceLater = trace.View
export const KeysLater = keys.View
export const FindLater = find.View
export const JumpLater = jump.View
export const AskOtherLater = other.View
export const ToolLater = tool.View
export const ChildLater = child.View
export const TodoLater = todo.View
export const GuardsLater = guards.View
export const WaitsLater = waits.View
export const UndoLater = undo.View
export const EditorLater = editor.View
export const RowMenuLater = menu.View
export const TrayLater = tray.View
export const DropLater = drop.View
export const QuoteLater = quote.View
export const AgentListLater = agentList.View
export const QueuedLater = queued.View
export const SentFilesLater = sentFiles.View

/** What formats an answer: fetched with the first one, or before. */
export const fetchWords = words.fetch
/** What may be wanted soon, the likeliest first. */
export const SOON = [
  words.fetch,
  // What is drawn when the server is away can't be had then.
  startServer.fetch,
  keptHere.fetch,
  ...[tray, drop, queued, quote, agentList, snippetList, sentFiles].map(({ fetch }) => fetch),
  ...[recalled, pastDeeds, sources, passageCard, chatProject].map(({ fetch }) => fetch),
  () => import('../compose/keeper.ts'),
  () => import('../markdown/highlight.ts'),
  ...[
    ways,
    find,
    tool,
    todo,
    guards,
    child,
    editor,
    menu,
    keys,
    other,
    undo,
    trace,
    models,
    compare,
    memory,
    projects,
    desk,
  ].map(({ fetch }) => fetch),
  () => import('../markdown/maths-tree.tsx'),
]
