import type { RouteDecision } from '../../wire/event.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { percent } from '../state/wording.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { agentColour } from '../view/icons.tsx'
import { agentTitle } from '../words/titles.ts'
import { reasonText } from '../words/reasons.ts'
import { say } from '../words/say.ts'
import { askAgent } from './ask-agent.ts'

/** The decision in full: every agent's score, the words that decided, and how hard the question looks. */
export function TrialResult({ decision, text }: { decision: RouteDecision; text: string }) {
  const app = useApp()
  const { agents } = useCell(app.machine)
  const titleOf = (name: string) => agentTitle(agents.find((agent) => agent.name === name)?.title ?? name)
  const title = agentTitle(decision.title)
  const sure = percent(Math.min(0.99, decision.confidence))
  const second = decision.scores.find(({ agent }) => agent !== decision.agent)
  const close = !decision.forced && decision.confidence < 0.6 && second !== undefined
  return (
    <div className="mt-4" data-testid="trial-result" data-agent={decision.agent}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <AgentMark agent={decision.agent} />
        <p className="min-w-0 flex-1 basis-56 text-[15px]" role="status">
          <span className="font-[560]">{say('{agent} would answer', { agent: title })}</span>
          <span className="text-soft">
            {' '}
            {decision.forced
              ? say('because the message asks for it.')
              : close
                ? say('({share} sure, or {other}).', { share: sure, other: titleOf(second.agent) })
                : say('({share} sure).', { share: sure })}
          </span>
        </p>
        <button type="button" className="button" onClick={() => askAgent(app, decision.agent, text.trim())}>
          {say('Ask {agent}', { agent: title })}
        </button>
      </div>
      <ul className="mt-4 space-y-1.5" aria-label={say('How well it suits each agent')}>
        {decision.scores.map(({ agent, score }) => (
          <li key={agent} className="flex items-center gap-3 text-[13.5px]">
            <span
              className={`w-28 flex-none truncate phone:w-24 ${agent === decision.agent ? 'font-[560]' : 'text-soft'}`}
            >
              {titleOf(agent)}
            </span>
            <span className="bar h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-hover" aria-hidden="true">
              <span
                className="block h-full rounded-full"
                style={{ width: `${score * 100}%`, backgroundColor: agentColour(agent) }}
              />
            </span>
            <span className="figures w-12 flex-none text-right text-soft">
              {percent(decision.forced ? score : Math.min(0.99, score))}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-4 text-[13.5px] text-soft">{why(decision)}</p>
      {!decision.forced && decision.because.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-1.5" aria-label={say('Words that decided')}>
          {decision.because.map((reason) => (
            <li
              key={reason.feature}
              data-why={reason.why}
              className={`px-2.5 py-0.5 text-[13px] break-words ${reason.why === 'lesson' ? 'rounded-xl bg-accent-wash text-accent' : 'rounded-full bg-sunk text-soft'}`}
            >
              {reasonText(reason, title)}{' '}
              <span className={reason.why === 'lesson' ? 'figures' : 'figures text-faint'}>
                {reason.weight.toFixed(1)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function why({ forced, because, complexity, requiresTools }: RouteDecision): string {
  const hard = {
    simple: requiresTools ? say('It looks simple and needs tools.') : say('It looks simple and needs no tools.'),
    medium: requiresTools
      ? say('It looks neither simple nor hard and needs tools.')
      : say('It looks neither simple nor hard and needs no tools.'),
    complex: requiresTools ? say('It looks hard and needs tools.') : say('It looks hard and needs no tools.'),
  }[complexity]
  if (forced) return hard
  return because.length === 0
    ? say('No word in it points to anybody. {more}', { more: hard })
    : because.some((reason) => reason.why === 'lesson')
      ? say('{more} What you have said of such messages spoke for the choice:', { more: hard })
      : say('{more} These words spoke most for the choice:', { more: hard })
}
