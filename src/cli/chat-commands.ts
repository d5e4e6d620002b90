import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { API } from '../wire/api.ts'
import type { AgentName, RunId } from '../wire/id.ts'
import { planNamed } from './ask-wish.ts'
import type { Chat } from './chat-state.ts'
import { openSession, tellMessages } from './chat-open.ts'
import { verbatim, cleanLine } from './clean.ts'
import { UsageError } from './command.ts'
import type { Complete } from './front.ts'
import { attach, fileNamed } from './say-it.ts'
import { bold, grey } from './terminal.ts'
import { fitted } from './width.ts'

/** What is shown after it, if anything: a run, or the end. */
type Done = RunId | 'quit' | null
type ChatCommand = { usage: string; about: string; run: (chat: Chat, rest: string) => Promise<Done> }

export const CHAT_COMMANDS: Readonly<Record<string, ChatCommand>> = {
  agents: {
    usage: '',
    about: 'who can answer',
    run: async ({ client, screen }) => {
      for (const { name, about } of (await client.call('agents', {})).agents)
        screen.note(fitted(`  ${name.padEnd(11)} ${cleanLine(about)}`, screen.columns() - 1))
      return null
    },
  },
  agent: {
    usage: 'NAME',
    about: 'who answers from now on; without a name, whoever suits the message',
    run: async (chat, name) => {
      if (name !== '' && !chat.agents.includes(name))
        throw new UsageError(`there is no agent ${name}; there are ${chat.agents.join(', ')}`)
      chat.agent = name === '' ? undefined : name
      return told(chat, name === '' ? 'Whoever suits the message answers.' : `${name} answers.`)
    },
  },
  model: {
    usage: 'NAME',
    about: 'which model answers from now on; without a name, as usual',
    run: async (chat, name) => {
      chat.model = name === '' ? undefined : name
      if (name === '' && chat.models.length > 0) chat.screen.note(`  ${chat.models.map(cleanLine).join(', ')}`)
      return told(chat, name === '' ? 'The usual model answers.' : `${cleanLine(name)} answers.`)
    },
  },
  plan: {
    usage: '[always|complex|never]',
    about: 'whether an answer begins with a plan that you approve; alone, always',
    run: async (chat, word) => {
      chat.plan = planNamed(word === '' ? 'always' : word)
      const which = { always: 'Each answer begins', complex: 'What is complex begins', never: 'No answer begins' }
      return told(chat, `${which[chat.plan ?? 'never']} with a plan that you approve.`)
    },
  },
  attach: {
    usage: 'FILE',
    about: 'the next message brings a file',
    run: async (chat, path) => {
      const { name, bytes } = fileNamed(path.replace(/^~(?=\/)/, process.env['HOME'] ?? '~'))
      chat.files.push(await attach(chat.client, name, bytes))
      return told(chat, `The next message brings ${chat.files.map((file) => cleanLine(file.name)).join(', ')}.`)
    },
  },
  sessions: {
    usage: '',
    about: 'the newest sessions',
    run: async (chat) => {
      const { sessions } = await chat.client.call('sessionsList', { query: { limit: 20 } })
      chat.listed = sessions
      for (const [i, { title, active }] of sessions.entries())
        chat.screen.note(
          fitted(
            `  ${String(i + 1).padStart(2)}  ${cleanLine(title)}${active === null ? '' : '  (at work)'}`,
            chat.screen.columns() - 1,
          ),
        )
      return null
    },
  },
  open: {
    usage: 'N',
    about: 'goes on with a session that /sessions has named',
    run: async (chat, nth) => {
      const session = chat.listed[Number(nth) - 1]
      if (session === undefined) throw new UsageError('/sessions names them by their numbers')
      return await openSession(chat, session.id)
    },
  },
  new: {
    usage: '',
    about: 'begins a new session',
    run: async (chat) => {
      chat.session = null
      chat.run = null
      return told(chat, 'A new session begins with your next message.')
    },
  },
  history: {
    usage: '',
    about: 'what was said in this session',
    run: async (chat) => {
      if (chat.session !== null) await tellMessages(chat, 50)
      return null
    },
  },
  again: {
    usage: '',
    about: 'has the last message answered again, by the agent and model of now',
    run: async ({ client, run, agent, model }) => {
      if (run === null) throw new UsageError('nothing was asked yet')
      const body = {
        ...(agent === undefined ? {} : { agent: agent as AgentName }),
        ...(model === undefined ? {} : { model }),
      }
      return (await client.call('runsAgain', { params: { run }, body })).id
    },
  },
  stop: {
    usage: '',
    about: 'stops the answer, as Ctrl-C does',
    run: async (chat) => told(chat, 'Nothing is under way.'),
  },
  asks: {
    usage: '',
    about: 'questions of agents that wait for you, anywhere',
    run: async (chat) => {
      const { asks } = await chat.client.call('asksList', { query: {} })
      if (asks.length === 0) return told(chat, 'Nobody asks.')
      for (const { title, tool, agent, session } of asks)
        chat.screen.note(
          fitted(`  ${agent}: ${verbatim(tool)}, in ${cleanLine(title)} (${session})`, chat.screen.columns() - 1),
        )
      return told(chat, '/sessions and /open lead there.')
    },
  },
  allow: {
    usage: '',
    about: 'allows what an agent asks for, as the key a does',
    run: async (chat) => told(chat, 'Nobody asks here.'),
  },
  deny: { usage: 'REASON', about: 'refuses it, and says why', run: async (chat) => told(chat, 'Nobody asks here.') },
  think: {
    usage: '',
    about: 'shows what models think, or hides it',
    run: async (chat) => {
      chat.thoughts = !chat.thoughts
      return told(chat, chat.thoughts ? 'Thoughts are shown.' : 'Thoughts are hidden.')
    },
  },
  export: {
    usage: 'FILE',
    about: 'writes the session to a file: Markdown if it ends so (.md), else JSON',
    run: async (chat, path) => {
      if (chat.session === null || path === '')
        throw new UsageError(path === '' ? '/export FILE' : 'nothing was said yet')
      const format = path.endsWith('.md') ? 'markdown' : 'json'
      const address = API.sessionsExport.path.replace(':session', chat.session)
      const reply = await fetch(`${chat.base}${address}?format=${format}`)
      if (!reply.ok) throw new UsageError(`the server answers ${reply.status}`)
      try {
        writeFileSync(path, await reply.text(), { flag: 'wx', mode: 0o600 })
      } catch (cause) {
        throw new UsageError(`${path} can't be written: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, {
          cause,
        })
      }
      return told(chat, `Written to ${resolve(path)}`)
    },
  },
  help: {
    usage: '',
    about: 'this list',
    run: async ({ screen }) => {
      for (const [name, { usage, about }] of Object.entries(CHAT_COMMANDS)) {
        screen.note(bold(`/${name} ${usage}`.trimEnd()))
        screen.note(grey(`    ${about}`))
      }
      screen.note(grey('A line that ends with \\ goes on with the next. Ctrl-C stops an answer, twice leaves.'))
      return null
    },
  },
  quit: { usage: '', about: 'leaves; a run goes on', run: async () => 'quit' },
}

function told({ screen }: Chat, line: string): null {
  screen.note(grey(line))
  return null
}

/** Names of commands, and what may follow them. */
export function completing(known: () => Pick<Chat, 'agents' | 'models'> | null): Complete {
  return (line) => {
    const [, name, rest = ''] = /^\/(\w*)(?: (.*))?$/.exec(line) ?? []
    if (name === undefined) return [[], line]
    if (!line.includes(' '))
      return [Object.keys(CHAT_COMMANDS).flatMap((one) => (one.startsWith(name) ? [`/${one}`] : [])), line]
    const offered =
      (name === 'agent'
        ? known()?.agents
        : name === 'model'
          ? known()?.models
          : name === 'attach'
            ? paths(rest)
            : []) ?? []
    return [offered.filter((one) => one.startsWith(rest)), rest]
  }
}

function paths(begun: string): string[] {
  const folder = begun.endsWith('/') ? begun : dirname(begun)
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => begun.endsWith('/') || name.startsWith(basename(begun)))
      .slice(0, 100)
      .map(
        (entry) =>
          (folder === '.' && !begun.startsWith('.') ? entry.name : join(folder, entry.name)) +
          (entry.isDirectory() ? '/' : ''),
      )
  } catch {
    return []
  }
}
