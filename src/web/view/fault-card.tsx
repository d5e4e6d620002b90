import type { FaultData } from '../../wire/fault.ts'
import type { RunId } from '../../wire/id.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'
import { FaultWaysLater } from './later.tsx'

export type FaultProps = {
  fault: FaultData
  /** The run that it ended. */
  run?: RunId | undefined
  again?: (() => void) | undefined
  drop?: (() => void) | undefined
}

/** What went wrong in plain words, what to do about it, and one button to do it. */
export function FaultCard(props: FaultProps) {
  const { fault } = props
  return (
    <div role="alert" data-testid="fault" className="arrive rounded-xl bg-bad-wash p-4 text-[14.5px]">
      <div className="flex gap-3">
        <Icon name="warn" className="mt-0.5 size-[18px] text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-[560] break-words text-ink">{fault.message}</p>
          <p className="mt-1 break-words text-soft">{fault.fix}</p>
          <FaultWaysLater {...props} />
        </div>
      </div>
    </div>
  )
}

/** Where nothing more can be loaded. */
export const PlainWays = ({ again }: FaultProps) =>
  again === undefined ? null : (
    <button type="button" className="button mt-3" onClick={again}>
      <Icon name="again" className="size-4" />
      {say('Try again')}
    </button>
  )
