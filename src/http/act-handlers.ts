import { fit } from '../core/fit.ts'
import { judge, type Decision } from '../core/policy.ts'
import type { Tool } from '../core/tool-ports.ts'
import { Fault } from '../wire/fault.ts'
import type { AgentName, OwnerId } from '../wire/id.ts'
import type { OpenAsk } from '../wire/tool.ts'
import type { Handlers, HttpDeps } from './caller.ts'

type ActNames = 'toolsList' | 'asksList' | 'asksAnswer' | 'outputsRead' | 'runsUndo'
/** Whose calls a list of tools is judged by: rules of one agent alone are not told there. */
const ANY = '' as AgentName

export function actHandlers({ store, tools, policy, outputs, undoing }: HttpDeps): Pick<Handlers, ActNames> {
  const openAsk = async (owner: OwnerId, id: OpenAsk['ask']): Promise<OpenAsk | null> => {
    for (let before: string | undefined; ;) {
      const { rows, next } = await store.acts.asks(owner, { limit: 200, before })
      const found = rows.find(({ ask }) => ask === id)
      if (found !== undefined || next === null) return found ?? null
      before = next
    }
  }
  const decisionOf = async (tool: Tool): Promise<Decision> => {
    const { decision } = judge({ tool, agent: ANY, subject: { kind: 'none' } }, policy, [])
    if (decision !== 'allow') return decision
    // A rule that allows it is not all: where nothing confines commands, say, each one is asked for.
    const insisted = (await tool.insists?.(null, { answered: false })) ?? null
    return tool.asks === true || insisted !== null ? 'ask' : 'allow'
  }
  return {
    toolsList: async () => {
      await tools.ready?.(null)
      const cards = tools.list().map(async (tool) => ({
        name: tool.name,
        about: tool.about,
        effect: tool.effect,
        reach: tool.reach,
        from: tool.from ?? 'pkn',
        why: tools.why(tool),
        decision: await decisionOf(tool),
      }))
      return { tools: await Promise.all(cards) }
    },
    asksList: async ({ query }, { owner }) => {
      const { rows, next } = await store.acts.asks(owner, query)
      return { asks: rows, next }
    },
    asksAnswer: async ({ params, body }, { owner }) => {
      // Whoever has something else done is told at once that it can't be: the run would take it for a mistake of its model.
      if (body.allow && body.input !== undefined) {
        const tool = tools.find((await openAsk(owner, params.ask))?.tool ?? '')
        const fitted = tool === null ? null : fit(tool.input, body.input)
        if (fitted?.ok === false) throw new Fault('request.invalid', { what: `input: ${fitted.what}` })
      }
      return store.acts.answer(owner, params.run, params.ask, body)
    },
    outputsRead: ({ params, query }, { owner }) => outputs.read(owner, params.output, query),
    runsUndo: async ({ params, body }, { owner }) => {
      const { id } = await store.run(owner, params.run)
      return undoing.undo(owner, id, body.call ?? null)
    },
  }
}
