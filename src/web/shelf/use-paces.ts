import { useEffect, useState } from 'react'
import { Refusal } from '../../client/refusal.ts'
import type { Reply } from '../../wire/api.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'

export type Paces = Reply<'modelsSpeeds'>
const NONE: Paces = { models: [], idleMinutes: null }

/** How fast the last answers were; read again when a model has answered once more. */
export function usePaces(): Paces {
  const { client, reach, machine } = useApp()
  const answers = useCell(machine).models.map(
    ({ endpoint, name, speed }) => `${endpoint}/${name} ${speed?.answers ?? 0}`,
  )
  const key = answers.join('\n')
  const [paces, setPaces] = useState<{ key: string; told: Paces }>({ key: '', told: NONE })
  useEffect(() => {
    let left = false
    const read = async () => {
      try {
        const told = await reach.surely(() => client.call('modelsSpeeds', {}))
        if (!left) setPaces({ key, told })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }
    own(read())
    return () => {
      left = true
    }
  }, [client, reach, key])
  return paces.told
}
