import { Refusal, Unreachable } from '../client/refusal.ts'
import { CHAT_COMMANDS, completing } from './chat-commands.ts'
import { openSession } from './chat-open.ts'
import type { Chat } from './chat-state.ts'
import { showRun } from './chat-turn.ts'
import { planNamed, sessionNamed } from './ask-wish.ts'
import { clean } from './clean.ts'
import { readArgs, UsageError, withFix, type ExitCode } from './command.ts'
import { openFront, type Line } from './front.ts'
import { openHistory } from './history-file.ts'
import { nearest } from './nearest.ts'
import { sayIt } from './say-it.ts'
import { screenOn } from './screen.ts'
import { NotRunning, serverHere } from './server-here.ts'
import { bold, grey, red } from './terminal.ts'
import type { RunId } from '../wire/id.ts'

/** Talks with agents on a terminal. Runs belong to the server: they go on when this ends. */
export async function chat(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(
    args.map((word) => (word === '--plan' ? '--plan=always' : word)),
    {
      resume: { type: 'boolean' },
      open: { type: 'string' },
      agent: { type: 'string' },
      model: { type: 'string' },
      plan: { type: 'string' },
      start: { type: 'boolean' },
    },
    0,
  )
  const wanted = values.open !== undefined ? sessionNamed(values.open) : values.resume === true ? 'last' : null
  let server
  try {
    server = await serverHere(values.start === true, () => {})
  } catch (cause) {
    if (!(cause instanceof NotRunning)) throw cause
    console.error(`pkn chat: ${cause.message}`)
    return 3
  }
  const [{ agents }, { data: models }] = await Promise.all([
    server.client.call('agents', {}),
    server.client.call('models', {}),
  ])
  const known = { agents: agents.map(({ name }) => name), models: models.map(({ name }) => name) }
  const front = openFront(
    openHistory(server.config.home),
    completing(() => known),
  )
  const screen = screenOn({ words: process.stdout, notes: process.stdout, rewrites: front.rich })
  const talk: Chat = {
    ...server,
    ...known,
    front,
    screen,
    session: null,
    run: null,
    agent: values.agent,
    model: values.model,
    plan: planNamed(values.plan),
    files: [],
    thoughts: false,
    listed: [],
    next: [],
    ahead: '',
  }
  try {
    const session =
      wanted === 'last' ? (await server.client.call('sessionsList', { query: { limit: 1 } })).sessions[0]?.id : wanted
    const active = session === undefined || session === null ? null : await openSession(talk, session)
    if (session === undefined || session === null)
      screen.note(grey('/help names the commands; /quit or Ctrl-D leaves.'))
    await talkOn(talk, active)
    return 0
  } finally {
    screen.status(null)
    front.close()
  }
}

async function talkOn(chat: Chat, active: RunId | null): Promise<void> {
  const { screen } = chat
  let show = active
  let leaving = false
  for (;;) {
    if (show !== null && (await showRun(chat, show)) === 'left') return
    show = null
    const said = await nextLine(chat)
    if (said === 'end') return
    if (said === 'interrupt') {
      if (leaving) return
      leaving = true
      screen.note(grey('Ctrl-C once more, or Ctrl-D, leaves.'))
      continue
    }
    leaving = false
    const line = said.text
    if (line.trim() === '') continue
    try {
      const done = line.startsWith('/') ? await obey(chat, line) : await submit(chat, line)
      if (done === 'quit') return
      show = done
    } catch (cause) {
      const why = failureOf(cause)
      if (why === null) throw cause
      screen.note(red(why))
    }
  }
}

function failureOf(cause: unknown): string | null {
  if (cause instanceof UsageError) return cause.message
  if (cause instanceof Refusal) return clean(withFix(cause.fault))
  if (cause instanceof Unreachable) return `${cause.message} Your message is kept: the key Up brings it back.`
  return null
}

/** What is typed, until a line that does not end with a backslash. */
async function nextLine(chat: Chat): Promise<Line> {
  const next = chat.next.shift()
  if (next !== undefined) {
    chat.screen.note(grey(`› ${next}`))
    return { text: next }
  }
  const lines: string[] = []
  for (;;) {
    const prompt = lines.length > 0 ? '… ' : `${bold(chat.agent ?? '')}› `
    const said = await chat.front.line(prompt, chat.ahead)
    chat.ahead = ''
    if (typeof said === 'string') return lines.length > 0 && said === 'end' ? { text: lines.join('\n') } : said
    if (!said.text.endsWith('\\')) return { text: [...lines, said.text].join('\n') }
    lines.push(said.text.slice(0, -1))
  }
}

async function obey(chat: Chat, line: string): Promise<RunId | 'quit' | null> {
  const [, name = '', rest = ''] = /^\/(\w*)\s*([^]*)$/.exec(line) ?? []
  const command = Object.hasOwn(CHAT_COMMANDS, name) ? CHAT_COMMANDS[name] : undefined
  if (command !== undefined) return await command.run(chat, rest.trim())
  const meant = nearest(name, Object.keys(CHAT_COMMANDS))
  throw new UsageError(
    `there is no /${clean(name)}; ${meant.length > 0 ? `did you mean /${meant.join(' or /')}?` : '/help names them all'}`,
  )
}

async function submit(chat: Chat, text: string): Promise<RunId> {
  const { client, agent, model, plan, files } = chat
  chat.session ??= (await client.call('sessionsCreate', { body: {} })).id
  const run = await sayIt(
    client,
    chat.session,
    { text, attachments: files, agent, model, plan },
    new AbortController().signal,
  )
  chat.files = []
  return run.id
}
