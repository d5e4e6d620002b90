import { useEffect, useRef, type ReactNode } from 'react'
import { useApp } from '../live/app.ts'
import type { Another } from '../live/branching.ts'
import { useCell } from '../live/cell.ts'
import { modelChoices } from '../state/model-choices.ts'
import { AgentMark } from './agent-mark.tsx'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'
import { aboutText, agentTitle } from '../words/titles.ts'

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
      <Temperature ask={(temperature) => take({ temperature })} />
      <List heading={say('Agents')}>
        {machine.agents.map(({ name, title, about }) => (
          <Line key={name} title={agentTitle(title)} about={aboutText({ about })} take={() => take({ agent: name })}>
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

/** How freely a model chooses its words; null is how its server has it. */
const steps = () =>
  [
    { temperature: 0.2, name: say('Precise'), about: say('The likeliest words: for facts, code and sums') },
    { temperature: null, name: say('As usual'), about: say('As the model is set up') },
    { temperature: 1.2, name: say('Inventive'), about: say('Words that surprise: for ideas and stories') },
  ] as const

function Temperature({ ask }: { ask: (temperature: number | null) => void }) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <section aria-label={say('How freely')}>
      <h3 className="px-2 pt-3 pb-1 text-[12px] text-faint">{say('The same, but')}</h3>
      <div className="grid grid-cols-3 gap-1.5 px-2">
        {steps().map(({ temperature, name, about }) => (
          <button key={name} type="button" className="button px-1" title={about} onClick={() => ask(temperature)}>
            {name}
          </button>
        ))}
      </div>
      <form
        className="flex items-center gap-2 px-2 pt-2 text-[13.5px] text-soft"
        onSubmit={(event) => {
          event.preventDefault()
          ask(Number(field.current?.value))
        }}
      >
        <label className="flex flex-1 items-center gap-2">
          {say('Temperature, 0 to 2')}
          <input
            ref={field}
            type="number"
            min={0}
            max={2}
            step={0.05}
            required
            defaultValue={0.7}
            className="figures min-h-9 w-20 rounded-lg border border-rule bg-raise px-2 text-[14px] text-ink phone:min-h-11"
          />
        </label>
        <button type="submit" className="button">
          {say('Ask')}
        </button>
      </form>
    </section>
  )
}
