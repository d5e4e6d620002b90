import type { RouteDecision } from '../../wire/event.ts'
import type { AgentName } from '../../wire/id.ts'
import { LearnNote } from '../agents/learn-note.tsx'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { percent } from '../state/wording.ts'
import { AgentMark } from './agent-mark.tsx'
import { Disclosure } from './disclosure.tsx'
import { reasonText } from '../words/reasons.ts'
import { say } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'

const kindOf = ({ complexity, requiresTools }: RouteDecision): string => {
  switch (complexity) {
    case 'simple':
      return requiresTools ? say('A simple question; needs tools.') : say('A simple question; needs no tools.')
    case 'medium':
      return requiresTools
        ? say('A question of medium difficulty; needs tools.')
        : say('A question of medium difficulty; needs no tools.')
    case 'complex':
      return requiresTools ? say('A complex question; needs tools.') : say('A complex question; needs no tools.')
  }
}

function sureness({ forced, confidence }: RouteDecision, other: string | null): string {
  if (forced) return say('as you asked')
  const share = percent(Math.min(0.99, confidence))
  return other === null ? say('{share} sure', { share }) : say('{share} sure, or {other}', { share, other })
}

/** Who answers, how sure PKN is of that, why, and who else could. */
export function RouteCard({ route, askInstead }: { route: RouteDecision; askInstead: (agent: AgentName) => void }) {
  const agents = useCell(useApp().machine).agents
  const titleOf = (name: string) => agentTitle(agents.find((agent) => agent.name === name)?.title ?? name)
  const others = route.scores
    .filter((other) => other.agent !== route.agent)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
  // A close call is said in the line itself, so that one need not open it to see that another was near.
  const doubt = !route.forced && route.confidence < 0.6 ? others[0] : undefined
  const most = Math.max(...route.because.map((reason) => Math.abs(reason.weight)), 0.001)
  const reasons = route.because.slice(0, 6)
  return (
    <Disclosure
      testId="route"
      head={
        <>
          <AgentMark agent={route.agent} />
          <span className="text-[15px] font-[560] text-ink">{agentTitle(route.title)}</span>
          <span className="text-[13px] text-faint">
            {sureness(route, doubt === undefined ? null : titleOf(doubt.agent))}
          </span>
        </>
      }
    >
      <div className="mt-1 mb-3 grid gap-5 rounded-xl border border-line bg-raise p-4 text-[14px] sm:grid-cols-2">
        <section>
          <h4 className="mb-2 text-[13px] font-[560] text-ink">
            {say('Why {agent}', { agent: agentTitle(route.title) })}
          </h4>
          {route.forced ? (
            <p className="text-soft">{say('You chose this agent.')}</p>
          ) : reasons.length === 0 ? (
            <p className="text-soft">{say('Nothing in the message points elsewhere.')}</p>
          ) : (
            <ul className="space-y-1.5">
              {reasons.map((reason) => (
                <li key={reason.feature} className="flex items-center gap-2.5">
                  <span className="bar h-1 w-14 flex-none overflow-hidden rounded-full bg-line" aria-hidden="true">
                    <span
                      className="block h-full rounded-full bg-soft"
                      style={{ width: `${(Math.abs(reason.weight) / most) * 100}%` }}
                    />
                  </span>
                  <span
                    data-why={reason.why}
                    className={`min-w-0 text-[13px] text-soft ${reason.why === undefined ? 'truncate' : ''}`}
                  >
                    {reasonText(reason, agentTitle(route.title))}
                  </span>
                </li>
              ))}
            </ul>
          )}
          <p className="mt-3 text-[13px] text-faint">{kindOf(route)}</p>
        </section>
        <section>
          <h4 className="mb-2 text-[13px] font-[560] text-ink">{say('Others who could answer')}</h4>
          <ul className="space-y-1">
            {others.map(({ agent, score }) => (
              <li key={agent} className="flex items-center gap-2">
                <AgentMark agent={agent} small />
                <span className="text-soft">{titleOf(agent)}</span>
                <span className="figures text-[13px] text-faint">{percent(score)}</span>
                <button type="button" className="quiet ml-auto border border-line" onClick={() => askInstead(agent)}>
                  {say('Ask {agent} instead', { agent: titleOf(agent) })}
                </button>
              </li>
            ))}
          </ul>
          {!route.forced && <LearnNote />}
        </section>
      </div>
    </Disclosure>
  )
}
