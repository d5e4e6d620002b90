import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { modelChoices, type ModelChoice } from '../state/model-choices.ts'
import { modelLine } from '../state/model-line.ts'
import { ChoiceMenu, type Choice } from './choice-menu.tsx'
import { Icon } from './icons.tsx'
import { ModelDot } from './model-badge.tsx'
import { say } from '../words/say.ts'

/** Automatic, or one model; what is on this machine comes first, and what is elsewhere says where words would go. */
export function ModelPicker({ wish, choose }: { wish: string | null; choose: (wish: string | null) => void }) {
  const machine = useCell(useApp().machine)
  const line = modelLine(machine, wish)
  if (line.state === 'looking') return null
  const choices = modelChoices(machine)
  const chosen = choices.find((choice) => choice.wish === wish)
  const usual = modelLine(machine)
  const automatic: Choice = {
    value: null,
    title: say('Automatic'),
    about:
      usual.name === null
        ? say('No model was found yet.')
        : say('What the agent prefers, else {model}.', { model: usual.name }),
    mark: <Mark name="split" />,
  }
  const here = choices.filter(({ remote }) => remote === null)
  const away = choices.filter(({ remote }) => remote !== null)
  const name = line.name ?? say('No model')
  return (
    <ChoiceMenu
      name={say('Which model')}
      label={labelOf(name, chosen === undefined, line.remote)}
      value={chosen?.wish ?? null}
      groups={[
        { heading: null, choices: [automatic] },
        ...(here.length === 0
          ? []
          : [{ heading: say('On this machine and in its network'), choices: here.map(asChoice) }]),
        ...(away.length === 0
          ? []
          : [{ heading: say('Elsewhere: your words leave this machine'), choices: away.map(asChoice) }]),
      ]}
      choose={choose}
      className="min-w-0"
    >
      <ModelDot line={line} />
      {/* Where there is room for a letter or two of it only, a sign says more. */}
      <Icon name="chip" className={`size-[17px] min-[480px]:hidden ${chosen === undefined ? 'text-faint' : ''}`} />
      <span className={`min-w-0 truncate max-[479px]:hidden ${chosen === undefined ? 'text-faint' : ''}`}>{name}</span>
    </ChoiceMenu>
  )
}

function labelOf(model: string, automatic: boolean, host: string | null): string {
  if (host === null) return automatic ? say('Model: automatic, {model}', { model }) : say('Model: {model}', { model })
  return automatic
    ? say('Model: automatic, {model}, at {host}', { model, host })
    : say('Model: {model}, at {host}', { model, host })
}

const asChoice = ({ wish, name, about, remote }: ModelChoice): Choice =>
  remote === null
    ? { value: wish, title: name, about, mark: <Mark name="chip" /> }
    : {
        value: wish,
        title: name,
        about: [say('Sends what you write to {host}', { host: remote }), ...(about === '' ? [] : [about])].join(' · '),
        mark: <Mark name="away" away />,
        tone: 'away',
      }

function Mark({ name, away = false }: { name: 'chip' | 'away' | 'split'; away?: boolean }) {
  return (
    <span
      className={`inline-flex size-7 flex-none items-center justify-center rounded-lg ${away ? 'bg-away-wash text-away' : 'bg-accent-wash text-accent'}`}
    >
      <Icon name={name} className="size-[17px]" />
    </span>
  )
}
