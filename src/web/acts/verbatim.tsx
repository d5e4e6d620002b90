import { useMemo, useState } from 'react'
import { verbatim } from '../state/verbatim.ts'
import { count } from '../state/wording.ts'
import { say } from '../words/say.ts'

/** So much is shown at once; the rest is one click away, and its size is told. */
const MOST = 6000

/** A text exactly as a machine takes it: what is hidden in it is named, and nothing in it is drawn as anything else. */
export function Verbatim({ text, name }: { text: string; name: string }) {
  const [whole, setWhole] = useState(false)
  const shown = whole || text.length <= MOST ? text : text.slice(0, MOST)
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className="act-text" tabIndex={0} role="region" aria-label={name} dir="ltr">
        <Signs text={shown} />
        {shown.length < text.length && '…'}
      </pre>
      {text.length > MOST && (
        <button type="button" className="quiet act-more" onClick={() => setWhole(!whole)}>
          {whole ? say('Show less') : say('Show all {n} characters', { n: count(text.length) })}
        </button>
      )}
    </>
  )
}

export function Signs({ text }: { text: string }) {
  return useMemo(
    () =>
      verbatim(text).map(({ text: piece, hidden }, i) =>
        hidden ? (
          // oxlint-disable-next-line react/no-array-index-key -- the pieces of a text have no other name
          <mark key={i} className="act-hidden">
            {piece}
          </mark>
        ) : (
          piece
        ),
      ),
    [text],
  )
}
