import type { FaultData } from '../../wire/fault.ts'
import type { RunId } from '../../wire/id.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

export type FaultProps = {
  fault: FaultData
  /** The run that it ended. */
  run?: RunId | undefined
  again?: (() => void) | undefined
  drop?: (() => void) | undefined
}

/** Where nothing more can be loaded. */
export const PlainWays = ({ again }: FaultProps) =>
  again === undefined ? null : (
    <button type="button" className="button mt-3" onClick={again}>
      <Icon name="again" className="size-4" />
      {say('Try again')}
    </button>
  )
