import { useMemo, useState } from 'react'
import type { Shown } from '../../wire/shown.ts'
import { diffRows, type DiffRow } from '../state/diff-rows.ts'
import { say, sayCount } from '../words/say.ts'
import { Signs } from './verbatim.tsx'

/** So many lines are drawn at once. */
const MOST = 200
const SIGNS = { same: ' ', in: '+', out: '−', gap: '⋯' } as const

/** A change, line by line: signs and numbers tell it where colours can't. */
export function Diff({ shown }: { shown: Extract<Shown, { kind: 'diff' }> }) {
  const rows = useMemo(() => diffRows(shown.diff), [shown.diff])
  const [most, setMost] = useState(MOST)
  const { path, added, removed, created } = shown
  return (
    <figure className="act-diff" data-created={created || undefined}>
      <figcaption>
        <span className="act-path">
          <Signs text={path} />
        </span>
        {created && <span className="act-tag">{say('new')}</span>}
        <span className="act-plus figures">+{added}</span>
        {!created && <span className="act-minus figures">−{removed}</span>}
        <span className="sr-only">
          {sayCount(added, '1 line is added', '{n} lines are added')},{' '}
          {sayCount(removed, '1 line is taken out', '{n} lines are taken out')}
        </span>
      </figcaption>
      {rows.length === 0 ? (
        <p className="act-none">{say('Nothing of it changes.')}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        <div
          className="act-rows"
          tabIndex={0}
          role="region"
          aria-label={say('The change of {path}', { path })}
          dir="ltr"
        >
          <div className="act-grid">
            {rows.slice(0, most).map((row, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- a line has no other name
              <Row key={i} row={row} />
            ))}
          </div>
        </div>
      )}
      {rows.length > most && (
        <button type="button" className="quiet act-more" onClick={() => setMost(most + 2000)}>
          {sayCount(rows.length - most, 'Show 1 more line', 'Show {n} more lines')}
        </button>
      )}
    </figure>
  )
}

function Row({ row: { kind, old, now, text } }: { row: DiffRow }) {
  const words = kind === 'in' ? say('added:') : kind === 'out' ? say('taken out:') : null
  return (
    <div className={`act-row act-${kind}`}>
      <span aria-hidden="true">{old}</span>
      <span aria-hidden="true">{now}</span>
      <span aria-hidden="true">{SIGNS[kind]}</span>
      <code>
        {words !== null && <span className="sr-only">{words} </span>}
        {kind === 'gap' ? (
          <span className="sr-only">{say('Lines that stay are left out.')}</span>
        ) : (
          <Signs text={text} />
        )}
      </code>
    </div>
  )
}
