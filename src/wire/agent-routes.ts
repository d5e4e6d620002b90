import { z } from 'zod'
import { AgentDetail, AgentProblem, AgentText } from './agent.ts'
import type { Route } from './api.ts'
import { AgentName } from './id.ts'

const agent = z.object({ agent: z.string().min(1).max(200) })

/** One agent at a time, and the user's own. They are the machine's: whoever may use this server shares them. */
export const AGENT_ROUTES = {
  agentsRead: {
    method: 'GET',
    path: '/v1/agents/:agent',
    about: 'All of an agent: its instructions and its sample messages too.',
    params: agent,
    reply: AgentDetail,
    status: 200,
  },
  agentsWrite: {
    method: 'PUT',
    path: '/v1/agents/:agent',
    about:
      'Make an agent, or change one; of a built-in one this makes a version of your own. Answers once messages are routed by it. A `version` that is no longer that of the file is refused with 409; the empty one stands for no file.',
    params: agent,
    body: AgentText.extend({ version: z.string().max(100).nullish() }),
    reply: AgentDetail,
    status: 200,
  },
  agentsRemove: {
    method: 'DELETE',
    path: '/v1/agents/:agent',
    about: 'Remove an agent of your own. A built-in one of its name stands again.',
    params: agent,
    reply: null,
    status: 204,
  },
  agentsRestore: {
    method: 'POST',
    path: '/v1/agents/:agent/restore',
    about: 'Bring back the agent of that name that was removed last, as it was.',
    params: agent,
    body: z.object({}),
    reply: AgentDetail,
    status: 200,
  },
  agentsAstray: {
    method: 'GET',
    path: '/v1/agents/:agent/astray',
    about: "Which of an agent's own sample messages would go to another agent; at most 100 are listed.",
    params: agent,
    reply: z.object({
      examples: z.int().min(0),
      astray: z.int().min(0),
      listed: z.array(z.object({ text: z.string(), agent: AgentName, score: z.number() })),
    }),
    status: 200,
  },
  agentFiles: {
    method: 'GET',
    path: '/v1/agent-files',
    about: "The user's folder of agents, and what in its files can't be used, with where and why.",
    reply: z.object({ folder: z.string(), problems: z.array(AgentProblem) }),
    status: 200,
  },
} as const satisfies Record<string, Route>
