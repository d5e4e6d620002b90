import type { MouseEvent } from 'react'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'
import { keepInPlace } from './keep-in-place.ts'

const NAMES = {
  answer: {
    before: () => say('Previous version of the answer'),
    next: () => say('Next version of the answer'),
    place: (n: number, all: number) => say('version of the answer {n} of {all}', { n, all }),
  },
  message: {
    before: () => say('Previous version of your message'),
    next: () => say('Next version of your message'),
    place: (n: number, all: number) => say('version of your message {n} of {all}', { n, all }),
  },
}

/** ‹ 2/3 ›: one of several things that stand in the same place. Nothing where there is only one. */
export function Versions<T>(props: {
  of: keyof typeof NAMES
  all: readonly T[]
  now: T
  turnTo: (to: T) => void
  compare?: () => void
}) {
  const { of, all, now, turnTo, compare } = props
  const name = NAMES[of]
  const at = all.indexOf(now)
  if (all.length < 2 || at < 0) return null
  const step = (by: 1 | -1) => {
    const to = all[at + by]
    return {
      type: 'button',
      className: 'quiet disabled:opacity-40',
      disabled: to === undefined,
      'aria-label': by < 0 ? name.before() : name.next(),
      'data-key': by < 0 ? 'arrowleft' : 'arrowright',
      onClick: ({ currentTarget }: MouseEvent) => {
        if (to === undefined) return
        keepInPlace(currentTarget, `[data-versions=${of}]`)
        turnTo(to)
      },
    } as const
  }
  return (
    <span
      className="inline-flex items-center"
      data-testid="versions"
      data-versions={of}
      role="group"
      aria-label={name.place(at + 1, all.length)}
    >
      <button {...step(-1)}>
        <Icon name="chevron" className="size-[15px] rotate-180" />
      </button>
      {compare === undefined ? (
        <span className="figures">
          {at + 1}/{all.length}
        </span>
      ) : (
        <button
          type="button"
          className="quiet figures px-1"
          aria-label={say('{n} of {all}: all of them side by side', { n: at + 1, all: all.length })}
          title={say('All of them side by side')}
          onClick={compare}
        >
          <span>
            {at + 1}/{all.length}
          </span>
        </button>
      )}
      <button {...step(1)}>
        <Icon name="chevron" className="size-[15px]" />
      </button>
    </span>
  )
}
