import { memo, useEffect, useReducer, type ReactNode } from 'react'

type Drawing = typeof import('./maths-tree.tsx')
// Loaded with the first formula; from then on each is drawn as it appears.
let drawing: Drawing | null = null

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
  if (!display) return <span className={tex.length > 90 ? 'maths maths-long' : 'maths'}>{drawn}</span>
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <span className="maths-display" tabIndex={0} role="group" aria-label="Formula">
      {drawn}
    </span>
  )
})
