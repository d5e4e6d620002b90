import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { leaving } from '../state/model-line.ts'
import { NO_WISH } from '../state/talk.ts'
import { listed } from '../state/wording.ts'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

/** On an answer, while it is written and ever after: its words were sent to somebody else's machine. */
export function SentTo({ hosts }: { hosts: readonly string[] }) {
  if (hosts.length === 0) return null
  return (
    <p
      data-testid="sent-to"
      className="inline-flex max-w-full items-center gap-2 rounded-full border border-away bg-away-wash py-1 pr-3 pl-2 text-[13px] text-away"
    >
      <Icon name="away" className="size-4" />
      <span className="min-w-0 break-words">{say('Sent to {hosts}', { hosts: listed(hosts) })}</span>
    </p>
  )
}

/** Above the composer, for as long as what is written there would leave the machine. */
export function WillLeave() {
  const { machine, talk } = useApp()
  const wish = useCell(talk.wish)
  const away = leaving(useCell(machine), wish)
  if (away === null) return null
  return (
    <div
      data-testid="will-leave"
      className="mb-2 flex min-h-9 items-center gap-2 rounded-xl bg-away-wash py-1.5 pr-2 pl-3 text-[13px] text-away"
    >
      <Icon name="away" className="size-4" />
      <p className="min-w-0 flex-1 break-words">
        {away.sure
          ? say('What you write, with this chat so far, is sent to {host}.', { host: away.host })
          : say('What you write, with this chat so far, may be sent to {host}.', { host: away.host })}
      </p>
      {(wish.model !== null || (!away.sure && wish.agent !== null)) && (
        <button
          type="button"
          className="quiet flex-none text-away"
          onClick={() => talk.wish.set(wish.model === null ? NO_WISH : { ...wish, model: null })}
        >
          {say('Don’t')}
        </button>
      )}
    </div>
  )
}
