import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { elapsed } from '../state/wording.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'
import { StartServerLater } from './later.tsx'

export function ServerStrip() {
  const { reach } = useApp()
  const server = useCell(reach.server)
  const renewed = useCell(reach.renewed)
  // The first try takes less than a blink; a strip that flashes would only alarm.
  if (server.state === 'lost' && server.attempt > 1)
    return <Lost since={server.since} again={server.again} tryNow={reach.tryNow} never={reach.version.get() === null} />
  return renewed ? <Renewed /> : null
}

function Renewed() {
  return (
    <div
      role="status"
      className="flex min-h-11 flex-none items-center gap-2.5 bg-accent-wash px-5 text-[13.5px] text-ink phone:px-4"
    >
      <span>{say('PKN was updated on this machine.')}</span>
      <button type="button" className="quiet border border-rule text-ink" onClick={() => location.reload()}>
        {say('Load the new page')}
      </button>
    </div>
  )
}

type Away = { since: number; again: number | null; tryNow: () => void; never: boolean }

/** `never`: the page was opened without the server. */
function Lost({ since, again, tryNow, never }: Away) {
  const now = useNow()
  const rest = again === null ? 0 : again - now
  return (
    <div
      data-testid="offline"
      className="flex min-h-11 flex-none flex-wrap items-center gap-x-3 gap-y-1.5 bg-warn-wash px-5 py-1.5 text-[13.5px] text-ink phone:px-4"
    >
      <Icon name="offline" className="size-[17px] text-warn" />
      <p className="figures min-w-0 flex-1 basis-56 leading-snug">
        <span role="alert">
          {never ? say('PKN is not running on this machine.') : say('The server does not answer.')}
        </span>{' '}
        <span className="text-soft" aria-hidden="true">
          {rest <= 0 ? say('Trying now…') : say('Trying again in {time}.', { time: elapsed(rest + 999) })}{' '}
          {now - since > TOLD_MS && say('Away for {time}.', { time: elapsed(now - since) })}
        </span>{' '}
        <span className="text-soft phone:hidden">{say('What you write is kept.')}</span>
      </p>
      {(never || now - since > TOLD_MS) && <StartServerLater />}
      <button type="button" className="button flex-none" onClick={tryNow}>
        {say('Try now')}
      </button>
    </div>
  )
}

/** A server that is started anew is back before this. */
const TOLD_MS = 5000
