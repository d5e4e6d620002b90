import type { ReactNode } from 'react'
import type { Session } from '../../wire/message.ts'
import { goTo, goToProjects } from '../live/address.ts'
import type { App } from '../live/app.ts'
import { SHORTCUTS } from '../live/shortcuts.ts'
import { modelChoices } from '../state/model-choices.ts'
import { titleOf } from '../state/session-groups.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { Icon, type IconName } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { aboutText, agentTitle } from '../words/titles.ts'
import { COMMANDS } from './commands.ts'
import type { Late } from './lately.ts'
import { matchText } from './match.ts'
import { dayOf } from './when.ts'

export type Place = { from: number; to: number }
/** One line of the palette. `places` are the letters of the title that fit what was typed. */
export type Option = {
  id: string
  title: string
  places: readonly Place[]
  mark: ReactNode
  about?: string
  side?: string
  key?: string
  act: () => void
}
export type Group = { heading: string; options: readonly Option[] }

type Candidate = Omit<Option, 'places'> & { also?: string }
const MOST = { commands: 6, chats: 7, agents: 4, models: 4, projects: 5 }

/** What is at hand, without asking the server. The group with the best match comes first; what is typed behind `>` is a command. */
export function optionsFor(app: App, typed: string, only: 'all' | 'chats', late: readonly Late[]): Group[] {
  const commandsOnly = typed.startsWith('>')
  const text = (commandsOnly ? typed.slice(1) : typed).trim()
  const chats = chatsOf(app)
  if (commandsOnly) return ranked([[say('Commands'), commandsOf(app), text === '' ? COMMANDS.length : 20]], text)
  if (only === 'chats') return ranked([[say('Chats'), chats, text === '' ? 12 : MOST.chats]], text)
  if (text === '') return begun(app, late)
  return ranked(
    [
      [say('Chats'), chats, MOST.chats],
      [say('Projects'), projectsOf(app), MOST.projects],
      [say('Commands'), commandsOf(app), MOST.commands],
      [say('Agents'), agentsOf(app), MOST.agents],
      [say('Models'), modelsOf(app), MOST.models],
    ],
    text,
  )
}

/** Before anything is typed: what was chosen lately, what can be done, and the newest chats. */
function begun(app: App, late: readonly Late[]): Group[] {
  const chats = chatsOf(app)
  const commands = commandsOf(app)
  const known = [...chats, ...projectsOf(app), ...commands, ...agentsOf(app), ...modelsOf(app)]
  const lately = late.flatMap((one) => known.find(({ id }) => id === one.id) ?? [])
  const others = (all: readonly Candidate[]) => all.filter(({ id }) => !lately.some((one) => one.id === id))
  const here = app.talk.place.get().session
  return [
    { heading: say('Chosen lately'), options: lately.slice(0, 4).map(plain) },
    {
      heading: say('Chats'),
      options: others(chats)
        .filter(({ id }) => id !== `chat:${here}`)
        .slice(0, 5)
        .map(plain),
    },
    { heading: say('Commands'), options: others(commands).slice(0, 6).map(plain) },
  ].filter(({ options }) => options.length > 0)
}

const plain = (candidate: Candidate): Option => ({ ...candidate, places: [] })

function ranked(groups: readonly (readonly [string, readonly Candidate[], number])[], text: string): Group[] {
  return groups
    .map(([heading, candidates, most]) => {
      const found = candidates
        .flatMap((candidate) => {
          const match = matchText(candidate.title, text)
          if (match !== null) return { candidate, ...match }
          // Other words that say the same are found, and come after the names.
          const also = matchText(`${candidate.title} ${candidate.also ?? ''}`, text)
          return also !== null && also.score > 1 ? { candidate, score: 1.5, places: [] } : []
        })
        .sort((a, b) => b.score - a.score)
        .slice(0, most)
      const options = found.map(({ candidate, places }): Option => ({ ...candidate, places }))
      return { heading, options, best: found[0]?.score ?? -1 }
    })
    .filter(({ options }) => options.length > 0)
    .sort((a, b) => b.best - a.best)
}

const commandsOf = (app: App): Candidate[] =>
  COMMANDS.filter(({ can }) => can?.(app) ?? true).map(({ id, icon, name, also, key, act }) => ({
    id: `command:${id}`,
    title: name(app),
    mark: <Mark name={icon} />,
    act: () => act(app),
    ...(also === undefined ? {} : { also: also() }),
    ...(key === undefined ? {} : { key: SHORTCUTS[key].key }),
  }))

const chatsOf = ({ sessions }: App): Candidate[] => sessions.state.get().sessions.map(chatOption)

const chatOption = (session: Session): Candidate => ({
  id: `chat:${session.id}`,
  title: titleOf(session),
  mark: <Mark name="general" />,
  side: session.archived ? say('Archive') : dayOf(session.updated),
  act: () => goTo(session.id),
  ...(session.folder === null ? {} : { about: session.folder }),
})

const projectsOf = ({ projects }: App): Candidate[] =>
  projects.state.get().projects.map(({ id, name, folder }) => ({
    id: `project:${id}`,
    title: name,
    mark: <Mark name="project" />,
    side: say('Project'),
    act: () => goToProjects(id),
    ...(folder === null ? {} : { about: folder }),
  }))

function toComposer(app: App): void {
  app.toChat()
  // The chat is drawn once its address is known.
  requestAnimationFrame(() => SHORTCUTS.write.act(app))
}

const agentsOf = (app: App): Candidate[] =>
  app.machine.get().agents.map((agent) => ({
    id: `agent:${agent.name}`,
    title: say('Ask {agent}', { agent: agentTitle(agent.title) }),
    about: aboutText(agent),
    mark: <AgentMark agent={agent.name} />,
    act: () => {
      app.talk.wish.set({ ...app.talk.wish.get(), agent: agent.name })
      toComposer(app)
    },
  }))

const modelsOf = (app: App): Candidate[] =>
  modelChoices(app.machine.get()).map(({ wish, name, about, remote }) => ({
    id: `model:${wish}`,
    title: say('Answer with {model}', { model: name }),
    about: remote === null ? about : say('Sends what you write to {host}', { host: remote }),
    mark: <Mark name={remote === null ? 'chip' : 'away'} away={remote !== null} />,
    act: () => {
      app.talk.wish.set({ ...app.talk.wish.get(), model: wish })
      toComposer(app)
    },
  }))

export function Mark({ name, away = false }: { name: IconName; away?: boolean }) {
  return (
    <span className={`inline-flex size-7 flex-none items-center justify-center ${away ? 'text-away' : 'text-faint'}`}>
      <Icon name={name} />
    </span>
  )
}
