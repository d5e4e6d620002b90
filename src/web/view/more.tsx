import { useEffect, useRef } from 'react'
import { say } from '../words/say.ts'

/** The next page comes as its end comes near; by the keyboard it can be asked for. */
export function More({ more, reading }: { more: () => void; reading: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (reading || button.current === null) return
    const near = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) more()
      },
      { rootMargin: '600px' },
    )
    near.observe(button.current)
    return () => near.disconnect()
  }, [more, reading])
  return (
    <button ref={button} type="button" className="quiet mx-auto mt-4 flex" disabled={reading} onClick={more}>
      {reading ? say('Looking…') : say('Show more')}
    </button>
  )
}
