import type { Pull } from '../../wire/shelf.ts'
import { useApp } from '../live/app.ts'
import { isUnderWay, pullFigures, shareOfPull } from '../state/pull-words.ts'
import { percent } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'
import { say } from '../words/say.ts'
import { faultText, fixText } from '../words/titles.ts'

/** One model on its way: true figures, what happened so far, and what one can do. */
export function PullRow({ pull }: { pull: Pull }) {
  return (
    <li className="border-line px-5 py-4 not-first:border-t phone:px-4" data-testid="pull" data-state={pull.state}>
      <PullProgress pull={pull} />
    </li>
  )
}

export function PullProgress({ pull }: { pull: Pull }) {
  const { state, name, notes, fault } = pull
  const going = isUnderWay(pull)
  const share = shareOfPull(pull)
  // What failed is told above in full.
  const told = notes.filter((note) => fault?.message.includes(note) !== true)
  const last = told.at(-1)
  return (
    <div>
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-[14.5px] font-[540] break-all">{name}</p>
        {share !== null && going && <span className="figures text-[13px] text-soft">{percent(share)}</span>}
        {state === 'done' && <Icon name="check" className="size-[18px] text-good" />}
        <PullActions pull={pull} />
      </div>
      {state !== 'done' && <Bar pull={pull} share={share} />}
      <p className="figures mt-1.5 min-h-5 text-[13px] break-words text-soft" data-testid="pull-figures">
        {pullFigures(pull)}
      </p>
      {fault !== null && (
        <p className="mt-1 text-[13.5px] break-words" data-testid="pull-fault">
          <span className="block text-bad">{faultText(fault)}</span>
          <span className="block text-soft">{fixText(fault)}</span>
        </p>
      )}
      {last !== undefined &&
        (told.length === 1 ? (
          <p className="mt-1 text-[13px] break-words text-faint">{last}</p>
        ) : (
          <details className="mt-1 text-[13px] text-faint">
            <summary className="group flex min-h-6 items-start gap-1 rounded-md hover:text-ink">
              <Icon name="chevron" className="mt-[3px] size-3.5 transition-transform group-open:rotate-90" />
              <span className="min-w-0 break-words">{last}</span>
            </summary>
            <ol className="mt-1 ml-[7px] space-y-1 border-l border-line pl-3">
              {told.slice(0, -1).map((note, i) => (
                // oxlint-disable-next-line react/no-array-index-key -- notes are only ever added at the end
                <li key={i} className="break-words">
                  {note}
                </li>
              ))}
            </ol>
          </details>
        ))}
    </div>
  )
}

function Bar({ pull: { name, state }, share }: { pull: Pull; share: number | null }) {
  const colour = state === 'failed' ? 'bg-bad' : state === 'cancelled' ? 'bg-faint' : 'bg-accent'
  return (
    <div
      role="progressbar"
      aria-label={say('Getting {model}', { model: name })}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      className="bar mt-1.5 h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full transition-[width] duration-700 ${colour} ${state === 'verifying' ? 'breathe bar' : ''}`}
        style={{ width: `${(share ?? 0) * 100}%` }}
      />
    </div>
  )
}

function PullActions({ pull }: { pull: Pull }) {
  const { shelf } = useApp()
  const { asking, refused, ask } = useAsking()
  const { state, name, what, done } = pull
  return (
    <>
      {refused !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {faultText(refused)}
        </p>
      )}
      {isUnderWay(pull) && (
        <button
          type="button"
          className="button"
          disabled={asking}
          aria-label={say('Stop getting {model}', { model: name })}
          onClick={() => ask(() => shelf.cancel(pull.id))}
        >
          <Icon name="stop" className="size-3.5" />
          {say('Stop')}
        </button>
      )}
      {(state === 'failed' || state === 'cancelled') && (
        <button
          type="button"
          className="button"
          disabled={asking}
          aria-label={
            done > 0 ? say('Go on with {model}', { model: name }) : say('Try again to get {model}', { model: name })
          }
          onClick={() => ask(() => shelf.get(what))}
        >
          <Icon name="again" className="size-4" />
          {state === 'cancelled' ? say('Go on') : say('Try again')}
        </button>
      )}
      {(state === 'failed' || state === 'cancelled') && (
        <button
          type="button"
          className="button"
          disabled={asking}
          aria-label={say('Show {model} no more', { model: name })}
          title={say('Show it no more')}
          onClick={() => ask(() => shelf.forget(pull.id))}
        >
          <Icon name="close" className="size-4" />
        </button>
      )}
    </>
  )
}
