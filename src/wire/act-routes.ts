import { z } from 'zod'
import type { Route } from './api.ts'
import { AskId, CallId, OutputId, SessionId } from './id.ts'
import { Run } from './message.ts'
import { run } from './route-parts.ts'
import { Answer, OpenAsk, ToolCard } from './tool.ts'

/** What agents do: tools, questions to people, long outputs, undoing. */
export const ACT_ROUTES = {
  toolsList: {
    method: 'GET',
    path: '/v1/tools',
    about: 'What agents can be given, and what happens if one calls it.',
    reply: z.object({ tools: z.array(ToolCard) }),
    status: 200,
  },
  asksList: {
    method: 'GET',
    path: '/v1/asks',
    about: 'The questions of runs that wait for you, newest first.',
    query: z.object({
      session: SessionId.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().max(20).optional(),
    }),
    reply: z.object({ asks: z.array(OpenAsk), next: z.string().nullable() }),
    status: 200,
  },
  asksAnswer: {
    method: 'POST',
    path: '/v1/runs/:run/asks/:ask',
    about:
      'Answer a question: allow it, once or for the session; refuse it, with a reason; have something else done (`input`); or say what was asked for (`text`). The run goes on with that. The same answer once more changes nothing.',
    params: run.extend({ ask: AskId }),
    body: Answer,
    reply: Run,
    status: 202,
  },
  outputsRead: {
    method: 'GET',
    path: '/v1/outputs/:output',
    about: 'Lines of an output of a tool that is too long to be told whole.',
    params: z.object({ output: OutputId }),
    query: z.object({
      from: z.coerce.number().int().min(1).default(1),
      lines: z.coerce.number().int().min(1).max(2000).default(500),
    }),
    reply: z.object({ text: z.string(), from: z.int(), lines: z.int(), total: z.int() }),
    status: 200,
  },
  runsUndo: {
    method: 'POST',
    path: '/v1/runs/:run/undo',
    about:
      'Make the files that a run, or one call of it, has changed what they were before. A file that was changed since then is left as it is, and told in `kept`.',
    params: run,
    body: z.object({ call: CallId.optional() }),
    reply: z.object({ restored: z.array(z.string()), kept: z.array(z.object({ path: z.string(), why: z.string() })) }),
    status: 200,
  },
} as const satisfies Record<string, Route>
