import { judge } from '../core/policy.ts'
import type { AgentName } from '../wire/id.ts'
import type { Handlers, HttpDeps } from './caller.ts'

type ActNames = 'toolsList' | 'asksList' | 'asksAnswer' | 'outputsRead' | 'runsUndo'
/** Whose calls a list of tools is judged by: rules of one agent alone are not told there. */
const ANY = '' as AgentName

export function actHandlers({ store, tools, policy, outputs, undoing }: HttpDeps): Pick<Handlers, ActNames> {
  return {
    toolsList: async () => {
      await tools.ready?.(null)
      const cards = tools.list().map((tool) => ({
        name: tool.name,
        about: tool.about,
        effect: tool.effect,
        reach: tool.reach,
        from: tool.from ?? 'pkn',
        why: tools.why(tool),
        decision:
          tool.asks === true
            ? ('ask' as const)
            : judge({ tool, agent: ANY, subject: { kind: 'none' } }, policy, []).decision,
      }))
      return { tools: cards }
    },
    asksList: async ({ query }, { owner }) => {
      const { rows, next } = await store.acts.asks(owner, query)
      return { asks: rows, next }
    },
    asksAnswer: ({ params, body }, { owner }) => store.acts.answer(owner, params.run, params.ask, body),
    outputsRead: ({ params, query }, { owner }) => outputs.read(owner, params.output, query),
    runsUndo: async ({ params, body }, { owner }) => {
      const { id } = await store.run(owner, params.run)
      return undoing.undo(owner, id, body.call ?? null)
    },
  }
}
