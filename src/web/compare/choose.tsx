import { useEffect, useRef, useState } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import type { Desk } from '../live/desk.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import type { Machine } from '../live/machine.ts'
import { modelChoices } from '../state/model-choices.ts'
import { leaving } from '../state/model-line.ts'
import type { Wish } from '../state/talk.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { another } from './another.ts'
import { askMore, compareNext, lastCompared, MOST_ASKED } from './ask.ts'
import { DeskClose } from '../view/desk-close.tsx'
import { agentTitle } from '../words/titles.ts'

type Pair = Wish & { row: number }

/** Two to four pairs of agent and model that answer the same message. */
export function Choose({ asked, close }: { asked: Extract<Desk, { open: 'compare' }>; close: () => void }) {
  const app = useApp()
  const machine = useCell(app.machine)
  const { answered } = asked
  const dialog = useRef<HTMLDialogElement>(null)
  // The answer that is there is one of those that are compared.
  const there = answered === null ? 0 : 1
  const [pairs, setPairs] = useState<readonly Pair[]>(() =>
    suggested(machine, answered === null ? app.talk.wish.get() : null).map((wish, row) => ({ ...wish, row })),
  )
  const [fault, setFault] = useState<FaultData | null>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const change = (row: number, what: Partial<Wish>) =>
    setPairs(pairs.map((pair) => (pair.row === row ? { ...pair, ...what } : pair)))
  const add = () => {
    const row = Math.max(...pairs.map((pair) => pair.row)) + 1
    setPairs([...pairs, { ...another(machine, pairs), row }])
  }
  const send = () => {
    const wishes = pairs.map(({ agent, model }) => ({ agent, model }))
    if (answered === null) {
      compareNext(app, wishes)
      dialog.current?.close()
      document.querySelector<HTMLElement>('main textarea')?.focus()
      return
    }
    const work = askMore(app, answered, wishes).then((refused) => {
      if (refused === null) dialog.current?.close()
      else setFault(refused)
    })
    own(work)
  }
  return (
    <dialog ref={dialog} onClose={close} aria-label={say('Compare')} className="desk">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <h2 className="text-[16px] font-[600]">{say('Compare')}</h2>
            <p className="mt-1 text-[13.5px] leading-snug text-soft">
              {answered === null
                ? say(
                    'Your next message is answered by all of these, side by side. You keep the answer that you like best.',
                  )
                : say('The same message is answered by these as well, beside the answer that is there.')}
            </p>
          </div>
          <DeskClose dialog={dialog} />
        </div>
        <ul className="mt-4 space-y-2">
          {pairs.map((pair, i) => (
            <Row
              key={pair.row}
              n={i + 1 + there}
              pair={pair}
              machine={machine}
              change={(what) => change(pair.row, what)}
              remove={
                pairs.length > 2 - there ? () => setPairs(pairs.filter(({ row }) => row !== pair.row)) : undefined
              }
            />
          ))}
        </ul>
        {fault !== null && (
          <div className="mt-3">
            <FaultCard fault={fault} />
          </div>
        )}
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <button
            type="button"
            className="quiet -ml-2 min-h-9"
            disabled={pairs.length + there >= MOST_ASKED}
            onClick={add}
          >
            <Icon name="plus" className="size-4" />
            {say('One more')}
          </button>
          <span className="flex-1" />
          {answered !== null && answered.versions.length > 1 && (
            <button
              type="button"
              className="button"
              onClick={() => {
                own(askMore(app, answered, []))
                dialog.current?.close()
              }}
            >
              {say('Only those that are there')}
            </button>
          )}
          <button type="submit" className="button button-first">
            {answered === null ? say('Compare the next message') : say('Ask them')}
          </button>
        </div>
      </form>
    </dialog>
  )
}

const SELECT =
  'min-h-9 w-full min-w-0 truncate rounded-lg border border-rule bg-raise px-2.5 text-[14px] text-ink hover:bg-hover phone:min-h-11'

function Row(props: {
  n: number
  pair: Pair
  machine: Machine
  change: (what: Partial<Wish>) => void
  remove: (() => void) | undefined
}) {
  const { n, pair, machine, change, remove } = props
  const choices = modelChoices(machine)
  const away = leaving(machine, pair)
  return (
    <li>
      <div role="group" aria-label={say('Number {n}', { n })} className="flex items-center gap-2">
        <span className="figures w-4 flex-none text-[13px] text-faint" aria-hidden="true">
          {n}
        </span>
        <select
          className={SELECT}
          aria-label={say('Agent of number {n}', { n })}
          value={pair.agent ?? ''}
          onChange={({ target }) =>
            change({ agent: machine.agents.find(({ name }) => name === target.value)?.name ?? null })
          }
        >
          <option value="">{say('PKN chooses')}</option>
          {machine.agents.map(({ name, title }) => (
            <option key={name} value={name}>
              {agentTitle(title)}
            </option>
          ))}
        </select>
        <select
          className={SELECT}
          aria-label={say('Model of number {n}', { n })}
          value={pair.model ?? ''}
          onChange={({ target }) => change({ model: target.value === '' ? null : target.value })}
        >
          <option value="">{say('Its usual model')}</option>
          {choices.map(({ wish, name, remote }) => (
            <option key={wish} value={wish}>
              {remote === null ? name : say('{model} at {host}', { model: name, host: remote })}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`tap flex-none ${remove === undefined ? 'invisible' : ''}`}
          aria-label={say('Take number {n} out', { n })}
          onClick={remove}
        >
          <Icon name="close" className="size-4" />
        </button>
      </div>
      {away !== null && (
        <p className="desk-inset mt-1 text-[12.5px] text-away">
          {away.sure
            ? say('Sends what you write to {host}', { host: away.host })
            : say('May send what you write to {host}', { host: away.host })}
        </p>
      )}
    </li>
  )
}

/** Who was compared last, as far as they are still there; else whoever the composer names beside somebody else. For an answer that is there: one more. */
function suggested(machine: Machine, wish: Wish | null): Wish[] {
  const models = new Set(modelChoices(machine).map((choice) => choice.wish))
  const there = ({ agent, model }: Wish) =>
    (agent === null || machine.agents.some(({ name }) => name === agent)) && (model === null || models.has(model))
  const last = lastCompared().filter(there)
  if (wish === null) return [another(machine, [])]
  if (last.length > 1) return last
  return [wish, another(machine, [wish])]
}
