import { use, type ReactNode } from 'react'
import { CitesContext } from '../live/cites.ts'
import { say } from '../words/say.ts'

/** Numbers in square brackets: those of passages lead to them, all others are the text that they are. */
export function Cite({ numbers, raw }: { numbers: readonly number[]; raw: string }): ReactNode {
  const cites = use(CitesContext)
  if (cites === null || !numbers.some(cites.has)) return raw
  return numbers.map((n, i) =>
    cites.has(n) ? (
      // oxlint-disable-next-line react/no-array-index-key -- the same number may stand there twice
      <sup key={i} className="cite">
        <button
          type="button"
          aria-haspopup="dialog"
          aria-label={say('Source {n}: {name}', { n: String(n), name: cites.name(n) })}
          title={cites.name(n)}
          onClick={(event) => cites.open(n, event.currentTarget)}
        >
          {n}
        </button>
      </sup>
    ) : (
      `[${n}]`
    ),
  )
}
