import './acts.css'
import { useEffect, useRef } from 'react'
import { goTo } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { comeToEnd } from '../live/reading-place.ts'
import { clock } from '../state/wording.ts'
import { titleOf } from '../state/session-groups.ts'
import { Icon } from '../view/icons.tsx'
import { agentTitle } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { fromOpen } from './asking.ts'
import { QuestionCard } from './question-card.tsx'
import { DeskClose } from '../view/desk-close.tsx'
import { showAsk } from './show-ask.ts'

/** Everything that waits for a person, in all chats: answered here, or where it stands. */
export function AsksDialog({ close }: { close: () => void }) {
  const app = useApp()
  const open = useCell(app.asks.open)
  const { agents } = useCell(app.machine)
  const { sessions } = useCell(app.sessions.state)
  const today = useDay()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} onClose={close} aria-label={say('Waits for you')} className="desk act-list" data-testid="asks">
      <div className="flex items-center">
        <h2 className="min-w-0 flex-1 truncate text-[16px] font-[600]">{say('Waits for you')}</h2>
        <DeskClose dialog={dialog} />
      </div>
      {open.length === 0 ? (
        <p className="act-empty">{say('Nothing waits for you. When an agent asks something, it stands here.')}</p>
      ) : (
        <ul>
          {open.map((ask) => {
            const session = sessions.find(({ id }) => id === ask.session)
            const title = session === undefined ? ask.title || say('New chat') : titleOf(session)
            const agent = agents.find(({ name }) => name === ask.agent)?.title ?? ask.agent
            return (
              <li key={ask.ask}>
                <div className="act-from">
                  <button
                    type="button"
                    className="quiet"
                    onClick={() => {
                      dialog.current?.close()
                      goTo(ask.session)
                      comeToEnd(ask.session)
                      showAsk(ask.ask)
                    }}
                  >
                    <Icon name="general" className="size-4" />
                    <span className="truncate">{title}</span>
                    <span className="sr-only">{say('open this chat')}</span>
                  </button>
                  <span className="figures">{clock(ask.asked, new Date(today))}</span>
                </div>
                <QuestionCard asking={fromOpen(ask, agentTitle(agent))} inChat={false} />
              </li>
            )
          })}
        </ul>
      )}
    </dialog>
  )
}
