import { useMemo, useState, type ReactNode } from 'react'
import type { Recalled } from '../../wire/recall.ts'
import { CitesContext, type Cites } from '../live/cites.ts'
import { passageName } from '../state/passage-name.ts'
import { PassageCardLater } from './later.tsx'

export type Numbered = Recalled['passages'][number]

/** The numbers that are cited in the text below lead to the passages that it was given. */
export function Cited({ recalls, children }: { recalls: readonly Recalled[]; children: ReactNode }) {
  const [shown, show] = useState<{ n: number; by: HTMLElement } | null>(null)
  const passages = useMemo(
    () => new Map(recalls.flatMap(({ passages: some }) => some.map((one) => [one.n, one] as const))),
    [recalls],
  )
  const cites = useMemo((): Cites | null => {
    if (passages.size === 0) return null
    const name = (n: number) => {
      const passage = passages.get(n)
      return passage === undefined ? '' : passageName(passage)
    }
    return { has: (n) => passages.has(n), name, open: (n, by) => show({ n, by }) }
  }, [passages])
  const passage = shown === null ? undefined : passages.get(shown.n)
  return (
    <CitesContext value={cites}>
      {children}
      {shown !== null && passage !== undefined && (
        <PassageCardLater passage={passage} by={shown.by} close={() => show(null)} />
      )}
    </CitesContext>
  )
}
