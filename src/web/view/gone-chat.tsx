import { goTo } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import type { SessionId } from '../../wire/id.ts'
import { say } from '../words/say.ts'
import { faultText } from '../words/titles.ts'
import { Icon } from './icons.tsx'

/** Below what is still read here: the chat was deleted somewhere else. It comes back for all windows, for an hour. */
export function GoneChat({ session }: { session: SessionId }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const back = async () => {
    const answer = await asked(app, () => app.client.call('sessionsRestore', { params: { session }, body: {} }))
    if (!answer.ok) return answer.fault
    app.sessions.put(answer.value)
    app.talk.refresh()
    return null
  }
  return (
    <div role="alert" data-testid="gone" className="arrive mb-8 rounded-xl bg-bad-wash p-4 text-[14.5px]">
      <div className="flex gap-3">
        <Icon name="bin" className="mt-0.5 size-[18px] text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-[560] text-ink">{say('This chat was deleted in another window.')}</p>
          <p className="mt-1 text-soft">{say('It can be brought back within an hour of that.')}</p>
          <div className="mt-3 flex flex-wrap items-center gap-2">
            <button type="button" className="button button-first" disabled={asking} onClick={() => ask(back)}>
              <Icon name="back" className="size-4" />
              {say('Bring it back')}
            </button>
            <button type="button" className="button" onClick={() => goTo(null)}>
              <Icon name="plus" className="size-4" />
              {say('Begin a new chat')}
            </button>
          </div>
          {refused !== null && (
            <p role="alert" className="mt-2 break-words text-bad">
              {faultText(refused)}
            </p>
          )}
        </div>
      </div>
    </div>
  )
}
