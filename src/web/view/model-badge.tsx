import { goToModels } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { cell, useCell, usePick, type Cell } from '../live/cell.ts'
import { keyName } from '../live/key-names.ts'
import { useLiveRun } from '../live/live-run.ts'
import { SHORTCUTS } from '../live/shortcuts.ts'
import { modelLine, type ModelLine } from '../state/model-line.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

const DOT = { looking: 'bg-rule', none: 'bg-bad', practice: 'bg-warn', ready: 'bg-good', asleep: 'bg-rule' } as const

/** What answers, at a glance; words that leave the machine have a sign of their own. */
export function ModelDot({ line }: { line: ModelLine }) {
  if (line.remote !== null) return <Icon name="away" className="size-[17px] text-away" />
  return <span className={`mx-1 size-1.5 flex-none rounded-full ${DOT[line.state]}`} />
}

const NO_RUN = cell<RunView | null>(null)

/** What is asked elsewhere at this moment, whatever will be asked next. */
function useSending(): { name: string; remote: string; where: string } | null {
  const live = useLiveRun(useCell(useApp().talk.place))
  // A cell that is only read may hold less than it says.
  const from = (live?.view ?? NO_RUN) as Cell<RunView | null>
  const key = usePick(from, (view) => {
    const step = view !== null && isLive(view) ? view.draft.steps.at(-1) : undefined
    return step === undefined || step.remote === null ? '' : `${step.remote} ${step.model}`
  })
  const [remote = '', ...name] = key.split(' ')
  return remote === '' ? null : { remote, name: name.join(' '), where: say('at {endpoint}', { endpoint: remote }) }
}

/** What will answer in this chat, and the way to the models. */
export function ModelBadge() {
  const { machine, talk, view, toChat } = useApp()
  const { model: wish } = useCell(talk.wish)
  const usual = modelLine(useCell(machine), wish)
  const sending = useSending()
  const line = sending === null ? usual : { ...usual, ...sending }
  const here = useCell(view) === 'models'
  const text = line.state === 'looking' ? say('Models') : (line.name ?? say('No model'))
  return (
    <button
      type="button"
      aria-pressed={here}
      aria-label={
        line.remote === null
          ? say('Models: {model}', { model: text })
          : say('Models: {model}, your words go to {host}', { model: text, host: line.remote })
      }
      title={`${line.name === null ? say('Models') : `${text}, ${line.where}`} (${keyName(SHORTCUTS.models.key)})`}
      onClick={here ? toChat : goToModels}
      data-testid="model-badge"
      className={`inline-flex h-9 max-w-72 min-w-32 @max-[600px]:max-w-44 flex-none items-center gap-1.5 rounded-full border px-2.5 text-[13px] transition-colors phone:h-10 phone:min-w-10 phone:justify-center phone:px-2 ${line.remote === null ? `border-line text-soft hover:bg-hover hover:text-ink ${here ? 'bg-hover text-ink' : ''}` : 'border-away bg-away-wash text-away'}`}
    >
      {line.remote === null && <Icon name="chip" className="hidden size-[18px] phone:block" />}
      <ModelDot line={line} />
      <span className="min-w-0 truncate phone:hidden">{text}</span>
      {line.remote !== null && <span className="min-w-0 truncate phone:hidden">· {line.remote}</span>}
    </button>
  )
}
