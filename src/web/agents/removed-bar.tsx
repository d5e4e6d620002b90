import { useEffect, useState } from 'react'
import { goToAgents } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { Icon } from '../view/icons.tsx'
import { agentTitle, faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { bringBack, removed } from './agent-calls.ts'

/** What was removed last can be taken back until the bar is closed. */
export function RemovedBar() {
  const app = useApp()
  const was = useCell(removed)
  const [asking, setAsking] = useState(false)
  const there = was !== null
  const back = async () => {
    setAsking(true)
    const name = await bringBack(app)
    setAsking(false)
    if (name === null) return
    app.aloud.set(say('It is back.'))
    goToAgents(name)
  }
  useEffect(() => {
    if (!there) return
    const onKeyDown = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      if (typing || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      own(back())
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
  if (was === null) return null
  const title = agentTitle(was.title)
  return (
    <div className="pointer-events-none sticky bottom-0 z-20 px-4 pb-4">
      <div
        role="group"
        aria-label={say('Removed agent')}
        data-testid="removed"
        className="arrive pointer-events-auto mx-auto flex max-w-[30rem] items-center gap-1 rounded-xl bg-ink py-2 pr-2 pl-4 text-[13.5px] text-page shadow-card"
      >
        <p className="min-w-0 flex-1 break-words" role="status">
          {was.fault !== null
            ? faultText(was.fault)
            : was.overBuiltIn
              ? say('{title} is the one that comes with PKN again.', { title })
              : say('{title} was removed.', { title })}
        </p>
        <button
          type="button"
          disabled={asking}
          className="min-h-8 flex-none rounded-lg px-2.5 font-[560] underline underline-offset-2 phone:min-h-10"
          aria-keyshortcuts="Control+Z"
          onClick={() => own(back())}
        >
          {asking ? say('Bringing it back…') : say('Undo')}
        </button>
        <button
          type="button"
          className="inline-flex size-8 flex-none items-center justify-center rounded-lg phone:size-10"
          aria-label={say('Close')}
          title={say('Close')}
          onClick={() => removed.set(null)}
        >
          <Icon name="close" className="size-4" />
        </button>
      </div>
    </div>
  )
}
