import { useEffect } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import type { Jump } from '../live/find.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { useSlow } from './use-slow.ts'

/** What a way to a message is about, where one would ask: that it takes long, that it ends nowhere, that it led to another branch. */
export function JumpNote() {
  const { jump, aloud, talk } = useApp()
  const now = useCell(jump)
  const looking = now?.state === 'looking'
  const slow = useSlow(looking)
  const text = now === null || (looking && !slow) ? null : wordsFor(now)
  const told = now?.state === 'looking' ? say('Looking for the message…') : text
  useEffect(() => {
    if (text !== null && told !== null) aloud.set(told)
  }, [told, text, aloud])
  if (now === null || text === null) return null
  const { state } = now
  const back = state === 'turned' ? now.back : null
  return (
    <div className="relative z-10">
      <div className="pointer-events-none absolute inset-x-4 top-1 flex justify-center">
        <div
          role="group"
          aria-label={say('The message that was looked for')}
          className="arrive pointer-events-auto flex min-h-10 max-w-full items-center gap-2 rounded-full border border-rule bg-raise pr-1 pl-4 text-[13.5px] shadow-card"
        >
          {looking && <span className="breathe size-1.5 flex-none rounded-full bg-accent" />}
          <span className="figures min-w-0 truncate">{text}</span>
          {back !== null && (
            <button
              type="button"
              className="quiet font-[540] text-accent"
              onClick={() => {
                jump.set(null)
                talk.turnTo(back)
              }}
            >
              {say('Back to the other')}
            </button>
          )}
          <button
            type="button"
            className="tap size-8 min-h-0 min-w-0 rounded-full"
            aria-label={looking ? say('Stop looking') : say('Close')}
            title={looking ? say('Stop looking') : say('Close')}
            onClick={() => jump.set(null)}
          >
            <Icon name="close" className="size-4" />
          </button>
        </div>
      </div>
    </div>
  )
}

function wordsFor(jump: Jump): string {
  switch (jump.state) {
    case 'looking':
      return jump.read === 0
        ? say('Looking for the message…')
        : sayCount(jump.read, 'Looking for the message… 1 read', 'Looking for the message… {n} read')
    case 'missing':
      return say('This message is not there any more.')
    case 'far':
      return say('This message is too far up to be shown from here.')
    case 'turned':
      return say('The message is on another branch, which is shown now.')
  }
}
