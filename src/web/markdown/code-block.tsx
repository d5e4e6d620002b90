import { memo, useEffect, useRef, useState, type ReactNode } from 'react'
import { CopyButton } from '../view/copy-button.tsx'
import { Long } from './plain-text.tsx'
import type { Tint } from './highlight.ts'

type Tinted = { code: string; language: string; tints: Tint[] }

/** Code in a frame with its language and a copy button. While it is being written it is coloured line by line, and not at every word. */
export const CodeBlock = memo(function CodeBlock({
  code,
  language,
  open,
}: {
  code: string
  language: string
  open: boolean
}) {
  const tinted = useTinted(code, language, open)
  const plain = tinted === null ? code : code.slice(tinted.code.length)
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-sunk">
      <div className="flex h-9 items-center justify-between border-b border-line pr-1 pl-4 text-[12px] text-faint">
        <span className="font-mono">{language === '' ? 'text' : language}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} role="region" aria-label={language === '' ? 'Code' : `Code in ${language}`}>
        <code>
          {tinted !== null && tints(tinted.tints)}
          <Long text={plain} />
        </code>
      </pre>
    </div>
  )
})

const tints = (nodes: readonly Tint[]): ReactNode =>
  nodes.map((node, i) =>
    typeof node === 'string' ? (
      node
    ) : (
      <span key={i} className={`tint-${node.scope.split('.')[0]}`}>
        {tints(node.inside)}
      </span>
    ),
  )

type Highlight = typeof import('./highlight.ts')
// Loaded with the first code block; from then on a finished block is coloured as it appears.
let highlight: Highlight | null = null
const AT_ONCE = 20_000
const MOST_TINTED = 100_000

function tintNow(code: string, language: string): Tinted | null {
  const tints = highlight?.tintsOf(code, language) ?? null
  return tints === null ? null : { code, language, tints }
}

function useTinted(code: string, language: string, open: boolean): Tinted | null {
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
