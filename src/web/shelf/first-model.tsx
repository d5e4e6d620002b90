import type { CatalogueModel, Machine, Pull } from '../../wire/shelf.ts'
import { goToDemo, goToModels } from '../live/address.ts'
import { fitWords, hardwareWords } from '../state/endpoint-words.ts'
import { firstChoices } from '../state/first-choices.ts'
import { aboutText, faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { Facts, GetButton, pullOf } from './catalogue.tsx'
import { ConnectOwn } from './connect-own.tsx'
import { PullProgress } from './pull-row.tsx'
import { useShelf } from './use-shelf.ts'

/** On the empty page of a machine without a real model: two that suit it, how far their way is, and what else one can do. */
export function FirstModel() {
  const { catalogue, hardware, pulls, installed, fault, read } = useShelf()
  if (fault !== null) return <p className="mt-4 text-[14px] text-soft">{faultText(fault)}</p>
  if (!read)
    return (
      <p className="mt-4 min-h-60 text-[14px] text-soft" aria-busy="true">
        {say('Looking at this machine…')}
      </p>
    )
  const choices = firstChoices(catalogue)
  const shown = new Set(choices.map(({ model }) => pullOf(model, pulls)))
  const others = pulls.filter((other) => !shown.has(other) && other.state !== 'done')
  return (
    <div className="mt-5" data-testid="first-model">
      {hardware !== null && <p className="figures text-[14px] text-soft">{hardwareWords(hardware)}</p>}
      {choices.length > 0 && (
        <ul className="mt-3 grid grid-cols-2 gap-3 phone:grid-cols-1">
          {choices.map(({ model, why }) => (
            <Choice key={model.id} model={model} why={why} hardware={hardware} pull={pullOf(model, pulls)} />
          ))}
        </ul>
      )}
      {others.map((each) => (
        <div key={each.id} className="mt-3 rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4">
          <PullProgress pull={each} />
        </div>
      ))}
      <ConnectOwn installed={installed} />
      <div className="mt-2 -ml-2 flex flex-wrap gap-x-3 gap-y-1">
        <button type="button" className="quiet" onClick={goToDemo}>
          <Icon name="play" className="size-4" />
          {say('Watch a recorded answer meanwhile')}
        </button>
        <button type="button" className="quiet" onClick={goToModels}>
          <Icon name="chip" className="size-4" />
          {say('All models')}
        </button>
      </div>
    </div>
  )
}

const WHY = {
  recommended: () => say('Recommended for this machine'),
  quicker: () => say('Smaller and quicker'),
  larger: () => say('Larger and slower'),
} as const

type Shown = {
  model: CatalogueModel
  why: keyof typeof WHY
  hardware: Machine | null
  pull: Pull | null
}

function Choice({ model, why, hardware, pull }: Shown) {
  const first = why === 'recommended'
  const going = pull !== null && pull.state !== 'done'
  return (
    <li
      aria-label={model.title}
      data-testid={first ? 'recommended' : 'alternative'}
      className={`flex flex-col rounded-2xl border p-4 ${first ? 'border-[color-mix(in_oklab,var(--accent)_40%,var(--rule))] bg-accent-wash' : 'border-line bg-raise'}`}
    >
      <p className={`flex items-center gap-1.5 text-[13px] ${first ? 'font-[540] text-accent' : 'text-soft'}`}>
        {first && <Icon name="pin" className="size-4" />}
        {WHY[why]()}
      </p>
      <h2 className="mt-1 text-[17px] font-[600] tracking-[-0.01em] break-words">{model.title}</h2>
      <p className="mt-1 text-[14px] text-soft">{aboutText(model)}</p>
      <p className="mt-2 text-[13px] text-soft">{fitWords(model, hardware)}.</p>
      <Facts model={model} brief />
      <div className="mt-auto pt-3">
        {going ? <PullProgress pull={pull} /> : <GetButton model={model} pull={pull} first={first} wide />}
      </div>
    </li>
  )
}
