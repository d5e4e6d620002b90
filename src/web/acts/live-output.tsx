import { useLayoutEffect, useRef } from 'react'
import { say } from '../words/say.ts'

/** So much of what it says is on the screen. */
const MOST = 12_000

/** The end of what a tool says while it runs. It stays at its end, unless one reads further up. */
export function LiveOutput({ text }: { text: string }) {
  const box = useRef<HTMLPreElement>(null)
  const pinned = useRef(true)
  const shown = text.slice(-MOST)
  useLayoutEffect(() => {
    if (pinned.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  })
  return (
    <section className="act-part" aria-label={say('Output so far')}>
      <h4>{say('Output so far')}</h4>
      <pre
        ref={box}
        className="act-text"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={say('Output so far')}
        dir="ltr"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          pinned.current = scrollHeight - scrollTop - clientHeight < 24
        }}
      >
        {shown.length < text.length ? `…${shown}` : shown}
      </pre>
    </section>
  )
}
