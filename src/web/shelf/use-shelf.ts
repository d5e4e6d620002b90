import { useEffect, useState } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import type { ShelfState } from '../live/shelf.ts'

/** The shelf, kept fresh for as long as the component is there. */
export function useShelf(): ShelfState {
  const { shelf } = useApp()
  useEffect(() => shelf.watch(), [shelf])
  return useCell(shelf.state)
}

/** Something that is asked of the server once at a time, and what it said if it refused. */
export function useAsking(): {
  asking: boolean
  refused: FaultData | null
  ask: (call: () => Promise<FaultData | null>, done?: () => void) => void
  forget: () => void
} {
  const [asking, setAsking] = useState(false)
  const [refused, setRefused] = useState<FaultData | null>(null)
  const ask = (call: () => Promise<FaultData | null>, done?: () => void) => {
    if (asking) return
    setAsking(true)
    setRefused(null)
    const run = async () => {
      const fault = await call()
      setAsking(false)
      setRefused(fault)
      if (fault === null) done?.()
    }
    own(run())
  }
  return { asking, refused, ask, forget: () => setRefused(null) }
}
