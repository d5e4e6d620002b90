import { z } from 'zod'

/** What PKN offers to other programs as a server of tools, over standard input and output and over HTTP. */
export const MCP_TOOLS = {
  ask_agent: {
    description:
      'Asks an agent of PKN, and waits for its answer. Where the agent asks whether it may do something, a person answers that in PKN.',
    inputSchema: z.object({
      message: z.string().min(1).max(200_000),
      agent: z.string().max(40).optional().describe('Which agent, such as coder; without it PKN chooses'),
      session: z.string().max(100).optional().describe('Goes on in this session; without it a new one begins'),
    }),
  },
  list_sessions: {
    description: 'The sessions of PKN, the one used last first.',
    inputSchema: z.object({ limit: z.number().int().min(1).max(100).default(20) }),
    annotations: { readOnlyHint: true },
  },
  read_run: {
    description: 'A run as Markdown: what was asked, what was done on the way, and the answer.',
    inputSchema: z.object({ run: z.string().max(100) }),
    annotations: { readOnlyHint: true },
  },
} as const
export const MOST_MARKDOWN = 400_000
