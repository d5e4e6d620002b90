import { useEffect, useRef, type ReactNode } from 'react'
import { useApp } from '../live/app.ts'
import type { Another } from '../live/branching.ts'
import { useCell } from '../live/cell.ts'
import { modelChoices } from '../state/model-choices.ts'
import { AgentMark } from './agent-mark.tsx'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'
import { agentAbout, agentTitle } from '../words/titles.ts'

/** Who or what else is to answer the same message. */
export function AskOther({ ask, close }: { ask: (whom: Another) => void; close: () => void }) {
  const machine = useCell(useApp().machine)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const take = (whom: Another) => {
    dialog.current?.close()
    ask(whom)
  }
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label={say('Ask another')}
      className="m-auto max-h-[80dvh] w-96 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-rule bg-raise p-4 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
    >
      <div className="flex items-center px-2">
        <h2 className="text-[15px] font-[560]">{say('Ask another')}</h2>
        <button type="button" className="tap ml-auto" aria-label={say('Close')} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
      <List heading={say('Agents')}>
        {machine.agents.map(({ name, title, about }) => (
          <Line key={name} title={agentTitle(title)} about={agentAbout({ about })} take={() => take({ agent: name })}>
            <AgentMark agent={name} />
          </Line>
        ))}
      </List>
      <List heading={say('Models')}>
        {modelChoices(machine).map(({ wish, name, about, remote }) => (
          <Line
            key={wish}
            title={name}
            about={remote === null ? about : say('Sends what you write to {host}', { host: remote })}
            away={remote !== null}
            take={() => take({ model: wish })}
          >
            <Icon name={remote === null ? 'chip' : 'away'} className="mt-1 size-[18px] text-soft" />
          </Line>
        ))}
      </List>
    </dialog>
  )
}

const List = ({ heading, children }: { heading: string; children: ReactNode }) => (
  <section aria-label={heading}>
    <h3 className="px-2 pt-3 pb-1 text-[12px] text-faint">{heading}</h3>
    {children}
  </section>
)

function Line(props: { title: string; about: string; away?: boolean; take: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={props.take}
      className="flex w-full items-start gap-2.5 rounded-xl px-2 py-2 text-left hover:bg-hover"
    >
      {props.children}
      <span className="min-w-0 flex-1">
        <span className="block text-[14px] font-[540] break-words">{props.title}</span>
        <span className={`line-clamp-2 text-[13px] leading-snug ${props.away === true ? 'text-away' : 'text-soft'}`}>
          {props.about}
        </span>
      </span>
    </button>
  )
}
