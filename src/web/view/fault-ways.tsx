import { useState } from 'react'
import { textOf } from '../../wire/fold.ts'
import { goTo, goToModels } from '../live/address.ts'
import { useApp, type App } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { waysOut, type FaultPlace, type Way } from '../state/fault-ways.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { say } from '../words/say.ts'
import { faultText, fixText } from '../words/titles.ts'
import { FaultReport } from './fault-report.tsx'
import { Icon, type IconName } from './icons.tsx'
import type { FaultProps } from './plain-ways.tsx'

/** What can be done about a fault, as buttons that do it; and behind them what it is exactly, to be passed on. */
export function FaultWays({ fault, run, again, drop }: FaultProps) {
  const app = useApp()
  const place = useCell(app.talk.place)
  const machine = useCell(app.machine)
  const turn = run === undefined ? undefined : place.talk.turns.find((each) => runOf(each) === run)
  const said = saidBy(turn, app)
  const around: FaultPlace = {
    endpoints: machine.endpoints,
    models: machine.models,
    usual: machine.model,
    asked: askedOf(turn, app),
    again: again !== undefined,
    ask: turn !== undefined,
    continues: turn !== undefined && said !== '',
    shorten: turn?.text != null && drop === undefined,
  }
  const ways = waysOut(fault, around)
  return (
    <>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {ways.map((way, i) => (
          <WayButton key={JSON.stringify(way)} way={way} first={i === 0} turn={turn} again={again} />
        ))}
        {drop !== undefined && (
          <button type="button" className="button" onClick={drop}>
            {say('Take it back')}
          </button>
        )}
      </div>
      <FaultReport fault={fault} run={run ?? null} />
    </>
  )
}

function saidBy(turn: Turn | undefined, { talk }: App): string {
  const run = turn === undefined ? null : runOf(turn)
  const view = run === null ? undefined : talk.place.get().views.get(run)
  return view === undefined ? (turn?.answer?.text ?? '') : textOf(view.get().draft)
}

function askedOf(turn: Turn | undefined, { talk }: App): string | null {
  const run = turn === undefined ? null : runOf(turn)
  const view = run === null ? undefined : talk.place.get().views.get(run)
  return view?.get().draft.steps.at(-1)?.model ?? turn?.answer?.model ?? null
}

type Doing = { way: Way; first: boolean; turn: Turn | undefined; again: (() => void) | undefined }

function WayButton({ way, first, turn, again }: Doing) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const [copied, setCopied] = useState(false)
  const { icon, text } = nameOfWay(way)
  const act = () => {
    switch (way.do) {
      case 'again':
        return again?.()
      case 'continue':
      case 'replan':
        return turn && app.talk.another(turn, { continue: true })
      case 'ask':
        return turn && app.talk.another(turn, { model: way.model })
      case 'start':
        return ask(
          () => app.shelf.start(way.service),
          () => again?.(),
        )
      case 'get':
      case 'models':
        return goToModels()
      case 'new':
        return goTo(null)
      case 'shorten':
        if (turn?.text != null) app.talk.returned.set({ text: turn.text })
        return document.querySelector<HTMLElement>('textarea')?.focus()
      case 'trace': {
        const run = turn === undefined ? null : runOf(turn)
        return app.panels.set({ ...app.panels.get(), trace: true, traced: run, look: 'story' })
      }
      case 'reload':
        return location.reload()
      case 'copy':
        navigator.clipboard.writeText(way.command).then(
          () => setCopied(true),
          () => {},
        )
    }
  }
  return (
    <>
      <button type="button" className={`button ${first ? 'button-first' : ''}`} disabled={asking} onClick={act}>
        <Icon name={copied ? 'check' : icon} className="size-4" />
        {asking && way.do === 'start' ? say('Starting {name}…', { name: way.name }) : text}
      </button>
      {refused !== null && (
        <p role="alert" className="order-last w-full text-[13.5px] break-words text-bad">
          {faultText(refused)} <span className="text-soft">{fixText(refused)}</span>
        </p>
      )}
    </>
  )
}

function nameOfWay(way: Way): { icon: IconName; text: string } {
  switch (way.do) {
    case 'again':
      return { icon: 'again', text: say('Try again') }
    case 'continue':
      return { icon: 'joint', text: say('Go on from here') }
    case 'replan':
      return { icon: 'again', text: say('Plan anew, with what you said') }
    case 'ask':
      if (way.name === null) return { icon: 'again', text: say('Answer on this machine') }
      if (way.engine) return { icon: 'again', text: say('Use PKN’s own engine with {model}', { model: way.name }) }
      return { icon: 'again', text: say('Answer with {model}', { model: way.name }) }
    case 'start':
      return { icon: 'play', text: say('Start {name}', { name: way.name }) }
    case 'get':
      return { icon: 'get', text: say('Get a model') }
    case 'models':
      return { icon: 'fold', text: say('Look at the models') }
    case 'new':
      return { icon: 'plus', text: say('Begin a new chat') }
    case 'shorten':
      return { icon: 'pencil', text: say('Shorten the message') }
    case 'trace':
      return { icon: 'pulse', text: say('See how it came about') }
    case 'reload':
      return { icon: 'again', text: say('Load the page again') }
    case 'copy':
      return { icon: 'copy', text: say('Copy “{command}”', { command: way.command }) }
  }
}
