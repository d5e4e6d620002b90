import { useMemo, useState, type ReactNode } from 'react'
import type { Recalled } from '../../wire/recall.ts'
import { CitesContext, type Cites } from '../live/cites.ts'
import { passageName } from '../state/passage-name.ts'
import { PassageCardLater } from './later.tsx'

export type Numbered = Recalled['passages'][number]

/** The numbers that are cited in the text below lead to the passages that it was given. */
export function Cited({ recalls, children }: { recalls: readonly Recalled[]; children: ReactNode }) {
  const [shown, show] = useState<{ passage: Numbered; by: HTMLElement } | null>(null)
  const cites = useMemo((): Cites | null => {
    const passages = new Map(recalls.flatMap(({ passages: some }) => some.map((one) => [one.n, one] as const)))
    if (passages.size === 0) return null
    const name = (n: number) => {
      const passage = passages.get(n)
      return passage === undefined ? '' : passageName(passage)
    }
    const open = (n: number, by: HTMLElement) => {
      const passage = passages.get(n)
      if (passage !== undefined) show({ passage, by })
    }
    return { has: (n) => passages.has(n), name, open }
  }, [recalls])
  return (
    <CitesContext value={cites}>
      {children}
      {shown !== null && <PassageCardLater {...shown} close={() => show(null)} />}
    </CitesContext>
  )
}
