import type { Tokens } from 'marked'
import { memo, useState, type ReactNode } from 'react'
import { inline } from './inline.tsx'
import type { Notes } from './notes.tsx'
import { say, sayCount } from '../words/say.ts'

/** More cells than this are drawn on request: each costs the browser its layout. */
const CELLS = 4000

/** A table that scrolls inside its own box. */
export function Table({ token, notes }: { token: Tokens.Table; notes: Notes }): ReactNode {
  const [most, setMost] = useState(CELLS)
  const sides = token.align.map((align) => (align === 'right' ? 'numbers' : align === 'center' ? 'centred' : undefined))
  const columns = Math.min(token.header.length, most)
  const rows = Math.max(1, Math.floor(most / Math.max(1, columns)))
  const left = (token.rows.length + 1) * token.header.length - columns * (Math.min(token.rows.length, rows) + 1)
  return (
    <div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="table-box" tabIndex={0} role="region" aria-label={say('Table')}>
        <table>
          <thead>
            <tr>
              {token.header.slice(0, columns).map((cell, i) => (
                <th key={i} scope="col" className={sides[i]}>
                  {inline(cell.tokens, notes)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {token.rows.slice(0, rows).map((row, i) => (
              <Row key={i} row={row} columns={columns} sides={sides} notes={notes} />
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <button type="button" className="quiet" onClick={() => setMost(most * 4)}>
          {sayCount(left, '1 more cell; show it', '{n} more cells; show more')}
        </button>
      )}
    </div>
  )
}

type RowProps = { row: Tokens.TableCell[]; columns: number; sides: (string | undefined)[]; notes: Notes }
const Row = memo(
  function Row({ row, columns, sides, notes }: RowProps) {
    return (
      <tr>
        {row.slice(0, columns).map((cell, i) => (
          <td key={i} className={sides[i]}>
            {inline(cell.tokens, notes)}
          </td>
        ))}
      </tr>
    )
  },
  (a, b) =>
    a.columns === b.columns &&
    a.notes === b.notes &&
    sourceOf(a.row) === sourceOf(b.row) &&
    a.sides.join() === b.sides.join(),
)
const sourceOf = (row: Tokens.TableCell[]): string => row.map((cell) => cell.text).join('\u0000')
