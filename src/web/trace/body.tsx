import type { ReactNode } from 'react'
import type { RouteDecision } from '../../wire/event.ts'
import type { AgentName, RunId } from '../../wire/id.ts'
import { ToolBody } from '../acts/tool-body.tsx'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { runOf } from '../state/talk.ts'
import type { TraceRow } from '../state/trace-rows.ts'
import type { Called, Span, Trace } from '../state/trace.ts'
import { percent } from '../state/wording.ts'
import { reasonText } from '../words/reasons.ts'
import { say } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { Icon } from '../view/icons.tsx'
import { Words } from './words.tsx'

/** What a row is about. The same as long as nothing of it changes. */
export type Matter = { route: RouteDecision } | { span: Span } | { call: Called } | null
type Props = { row: TraceRow; matter: Matter; run: RunId; brief: boolean }

/** The decision, the words, what went into a tool and what came out; null where the row's name says it all. */
export function Body({ row, matter, run, brief }: Props): ReactNode {
  if (row.kind === 'child') return <OpenChild row={row} />
  if (matter === null) return null
  if ('route' in matter) return <Decision route={matter.route} run={run} />
  if ('call' in matter) return <Tool call={matter.call} brief={brief} />
  return <Words text={matter.span.text} live={row.to === null} brief={brief} thought={row.kind === 'thinking'} />
}

export function matterOf({ kind, of }: TraceRow, { route, spans, calls }: Trace): Matter {
  switch (kind) {
    case 'route':
      return route === null ? null : { route }
    case 'thinking':
    case 'answering': {
      const span = spans[of]
      return span === undefined || span.text === '' ? null : { span }
    }
    case 'tool': {
      const call = calls[of]
      return call === undefined ? null : { call }
    }
    case 'run':
    case 'child':
    case 'moment':
    case 'stop':
    case 'gone':
    case 'choosing':
    case 'queued':
    case 'starting':
    case 'loading':
    case 'reading':
    case 'calling':
    case 'asking':
    case 'saving':
    case 'ask':
      return null
  }
}

export const sameMatter = (a: Matter, b: Matter): boolean =>
  a === b || (a !== null && b !== null && Object.values(a)[0] === Object.values(b)[0])

/** Every agent's score, the words that decided, and each of the others one click away. */
function Decision({ route, run }: { route: RouteDecision; run: RunId }) {
  const agents = useCell(useApp().machine).agents
  const titleOf = (name: string) => agentTitle(agents.find((agent) => agent.name === name)?.title ?? name)
  const scores = route.scores.toSorted((a, b) => b.score - a.score)
  const ask = useAskInstead(run)
  const words = route.because.slice(0, 8)
  return (
    <div className="mt-1.5 space-y-3 text-[13px]">
      {words.length > 0 && !route.forced && (
        <p className="flex flex-wrap items-center gap-1.5" data-testid="because">
          <span className="text-faint">{say('Because of')}</span>
          {words.map((reason) => (
            <span
              key={reason.feature}
              title={reason.weight.toFixed(2)}
              className={`rounded-md border px-1.5 py-0.5 ${reason.weight < 0 ? 'border-line text-faint line-through' : 'border-rule text-ink'}`}
            >
              {reason.why === undefined ? reason.feature : reasonText(reason, agentTitle(route.title))}
            </span>
          ))}
        </p>
      )}
      <ul className="space-y-1" data-testid="scores">
        {scores.map(({ agent, score }) => (
          <li key={agent} className="flex min-h-7 flex-wrap items-center gap-2">
            <AgentMark agent={agent} small />
            <span className={`w-[5.25rem] flex-none truncate ${agent === route.agent ? 'font-[560]' : 'text-soft'}`}>
              {titleOf(agent)}
            </span>
            <span
              className="bar h-1.5 min-w-6 flex-1 overflow-hidden rounded-full bg-sunk phone:hidden"
              aria-hidden="true"
            >
              <span
                className="block h-full rounded-full"
                style={{
                  width: `${score * 100}%`,
                  background: agent === route.agent ? 'var(--accent)' : 'var(--rule)',
                }}
              />
            </span>
            <span className="figures ml-auto w-11 flex-none text-right whitespace-nowrap text-faint">
              {percent(Math.min(0.99, score))}
            </span>
            {ask !== null && (
              <span className="w-[5.75rem] flex-none text-right max-[359px]:ml-auto">
                {agent === route.agent ? (
                  <span className="text-[12.5px] text-faint">{say('chosen')}</span>
                ) : (
                  <button
                    type="button"
                    className="quiet border border-line whitespace-nowrap"
                    aria-label={say('Ask {agent} instead', { agent: titleOf(agent) })}
                    onClick={() => ask(agent)}
                  >
                    {say('Ask instead')}
                  </button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Lets another agent answer the question, in a version of its own; null where the question is not on the screen. */
function useAskInstead(run: RunId): ((agent: AgentName) => void) | null {
  const { talk } = useApp()
  const place = useCell(talk.place)
  const turn = place.talk.turns.find((each) => runOf(each) === run)
  if (turn === undefined) return null
  return (agent) => talk.another(turn, { agent, instead: true })
}

function OpenChild({ row }: { row: TraceRow }) {
  const { panels, moment } = useApp()
  const { run } = row
  if (run === null) return null
  return (
    <button
      type="button"
      className="quiet mt-1 -ml-2 border border-line"
      onClick={() => {
        moment.set(null)
        panels.set({ ...panels.get(), traced: run })
      }}
    >
      <Icon name="pulse" className="size-[15px]" />
      {say('Open this run')}
    </button>
  )
}

/** Everything that went in and came out, as where it was done. */
const Tool = ({ call, brief }: { call: Called; brief: boolean }) => (
  <div className="mt-1.5 text-[13px]">
    <ToolBody made={{ ...call, input: call.ask?.input ?? call.input }} brief={brief} />
  </div>
)
