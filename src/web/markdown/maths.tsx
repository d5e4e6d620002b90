import { memo, useEffect, useReducer, type ReactNode } from 'react'
import { say } from '../words/say.ts'

type Drawing = typeof import('./maths-tree.tsx')
// Loaded with the first formula; from then on each is drawn as it appears.
let drawing: Drawing | null = null

/** Longer than this, a formula in a line has a box of its own to scroll in. */
const WIDE = 90
/** What could push a part of the formula over the text beside it. */
const MOVES = /\\(?:[hm]?kern|[hm]skip|hspace|rule|raisebox|[rlc]lap|math[rlc]lap|smash|huge|lower|raise|tag)/i

/** A formula as MathML; as its source until that can be drawn, or if it cannot. */
export const Maths = memo(function Maths({ tex, display }: { tex: string; display: boolean }): ReactNode {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    if (drawing !== null) return
    let gone = false
    import('./maths-tree.tsx').then(
      (module) => {
        drawing = module
        if (!gone) draw()
      },
      (error: unknown) => console.error('PKN: formulas could not be drawn', error),
    )
    return () => {
      gone = true
    }
  }, [])
  const drawn = drawing?.drawMaths(tex, display) ?? <code>{tex}</code>
  if (!display) return <span className={tex.length > WIDE || MOVES.test(tex) ? 'maths-long' : undefined}>{drawn}</span>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <span className="maths-display" tabIndex={0} role="group" aria-label={say('Formula')}>
      {drawn}
    </span>
  )
})
