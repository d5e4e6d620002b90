import { setImmediate as turn } from 'node:timers/promises'
import type { AGENT_ROUTES } from '../wire/agent-routes.ts'
import { Fault } from '../wire/fault.ts'
import type { AgentName } from '../wire/id.ts'
import type { Handlers, HttpDeps } from './caller.ts'

/** How many messages are routed before others have their turn: about 10 ms. */
const AT_ONCE = 100
const MOST_LISTED = 100

/** One agent at a time, and the user's own. */
export function agentHandlers(deps: HttpDeps): Pick<Handlers, keyof typeof AGENT_ROUTES> {
  const { agents, agentFiles, router, say } = deps
  const told = (text: string) => say({ level: 'info', text })
  return {
    agentsRead: async ({ params }) => agentFiles.read(params.agent),
    agentsWrite: async ({ params, body: { version, ...text } }, { owner }) => {
      const written = await agentFiles.write(params.agent, text, version)
      told(`Agent written: ${written.name}`)
      await router(owner)
      return written
    },
    agentsRemove: async ({ params }, { owner }) => {
      await agentFiles.remove(params.agent)
      told(`Agent removed: ${params.agent}`)
      await router(owner)
      return undefined
    },
    agentsRestore: async ({ params }, { owner }) => {
      const back = await agentFiles.restore(params.agent)
      told(`Agent brought back: ${back.name}`)
      await router(owner)
      return back
    },
    agentsAstray: async ({ params }, { owner }) => {
      const routes = await router(owner)
      const agent = agents.find(params.agent as AgentName) // a name that no agent has finds none
      if (agent === null)
        throw new Fault('agent.missing', {
          agent: params.agent.slice(0, 60),
          agents: agents
            .list()
            .map(({ name }) => name)
            .join(', '),
        })
      const listed: { text: string; agent: AgentName; score: number }[] = []
      let astray = 0
      for (const [i, text] of agent.sampleMessages.entries()) {
        if (i % AT_ONCE === AT_ONCE - 1) await turn()
        const to = routes.route({ text, recent: [], forced: null })
        if (to.agent === agent.name) continue
        astray++
        if (listed.length < MOST_LISTED) listed.push({ text, agent: to.agent, score: to.confidence })
      }
      return { examples: agent.sampleMessages.length, astray, listed }
    },
    agentFiles: async () => ({ folder: agentFiles.folder, problems: [...agentFiles.problems()] }),
  }
}
