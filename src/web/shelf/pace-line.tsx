import type { Pace } from '../../wire/model.ts'
import { paceFigure } from '../state/endpoint-words.ts'
import { say, sayCount } from '../words/say.ts'

/** The last answers one after the other: a line for the eye, and what it shows in words. */
export function PaceLine({ paces }: { paces: readonly Pace[] }) {
  const wrote = paces.flatMap(({ write }) => write ?? [])
  const read = paces.flatMap(({ read: rate }) => rate ?? [])
  if (wrote.length < 2) return null
  return (
    <div className="figures mt-1.5 text-[12.5px] text-faint" data-testid="paces">
      <p>{sayCount(wrote.length, 'The last answer', 'The last {n} answers')}</p>
      <div className="mt-0.5 flex flex-wrap gap-x-6 gap-y-1">
        <Row name={say('writing')} rates={wrote} />
        {read.length > 1 && <Row name={say('reading')} rates={read} />}
      </div>
    </div>
  )
}

const [WIDE, HIGH] = [84, 18]

function Row({ name, rates }: { name: string; rates: readonly number[] }) {
  const [least, most] = [Math.min(...rates), Math.max(...rates)]
  // From nothing, so that a model that is a little slower does not look like one that has stopped.
  const points = rates.map((rate, i): [number, number] => [
    2 + (i * (WIDE - 4)) / (rates.length - 1),
    HIGH - 2 - (rate / most) * (HIGH - 4),
  ])
  const last = points.at(-1) ?? [0, 0]
  return (
    <span className="inline-flex items-center gap-2">
      <span className="min-w-12">{name}</span>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} width={WIDE} height={HIGH} aria-hidden="true" className="text-accent">
        <path d={`M0 ${HIGH - 0.5}H${WIDE}`} stroke="var(--line)" />
        <polyline
          points={points.map((point) => point.map((n) => n.toFixed(1)).join(',')).join(' ')}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
        <circle cx={last[0]} cy={last[1]} r="2" fill="currentColor" />
      </svg>
      <span>
        {paceFigure(least) === paceFigure(most)
          ? say('{rate} tokens/s', { rate: paceFigure(most) })
          : say('{least} to {most} tokens/s', { least: paceFigure(least), most: paceFigure(most) })}
      </span>
    </span>
  )
}
