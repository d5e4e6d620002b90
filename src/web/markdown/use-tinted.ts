import { useEffect, useRef, useState } from 'react'
import type { Tint } from './highlight.ts'

type Tinted = { code: string; language: string; tints: Tint[] }
type Highlight = typeof import('./highlight.ts')
// Loaded with the first code block; from then on a finished block is coloured as it appears.
let highlight: Highlight | null = null
const AT_ONCE = 20_000
const MOST_TINTED = 100_000

function tintNow(code: string, language: string): Tinted | null {
  const tints = highlight?.tintsOf(code, language) ?? null
  return tints === null ? null : { code, language, tints }
}

/** The part of the code that is coloured by now: whole lines from its beginning. */
export function useTinted(code: string, language: string, open: boolean): Tinted | null {
  const [tinted, setTinted] = useState<Tinted | null>(() =>
    open || code.length > AT_ONCE ? null : tintNow(code, language),
  )
  const last = useRef({ at: 0, cost: 0 })
  const whole = open ? code.slice(0, code.lastIndexOf('\n') + 1) : code
  useEffect(() => {
    if (whole === '' || language === '' || whole.length > MOST_TINTED || tinted?.code === whole) return
    let gone = false
    const paint = async () => {
      highlight ??= await import('./highlight.ts')
      if (gone) return
      const begin = performance.now()
      const made = tintNow(whole, language)
      last.current = { at: performance.now(), cost: performance.now() - begin }
      if (made !== null) setTinted(made)
    }
    // A block that grows is coloured at most every 80 ms, and at most for a twentieth of the time.
    const rest = open ? last.current.at + Math.max(80, 20 * last.current.cost) - performance.now() : 0
    const timer = setTimeout(
      () => {
        paint().catch((error: unknown) => console.error('PKN: code could not be coloured', error))
      },
      Math.max(0, rest),
    )
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [whole, language, open, tinted])
  return tinted !== null && code.startsWith(tinted.code) ? tinted : null
}
