import { useState } from 'react'
import { Refusal } from '../../client/refusal.ts'
import type { Reply } from '../../wire/api.ts'
import type { Result } from '../../wire/fold.ts'
import type { FaultData } from '../../wire/fault.ts'
import { useApp } from '../live/app.ts'
import { own } from '../live/own.ts'
import { plainOutput } from '../state/verbatim.ts'
import { bytes } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { faultText, fixText } from '../words/titles.ts'
import { say } from '../words/say.ts'

const LINES = 400
type Page = Reply<'outputsRead'>

/** All of an output that was too long to be told, a page of lines at a time. */
export function WholeOutput({ rest, name }: { rest: NonNullable<Result['rest']>; name: string }) {
  const { client, reach } = useApp()
  const [page, setPage] = useState<Page | null>(null)
  const [reading, setReading] = useState(false)
  const [fault, setFault] = useState<FaultData | null>(null)
  const read = async (from: number): Promise<void> => {
    setReading(true)
    try {
      const params = { output: rest.output }
      setPage(await reach.surely(() => client.call('outputsRead', { params, query: { from, lines: LINES } })))
      setFault(null)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setFault(error.fault)
    } finally {
      setReading(false)
    }
  }
  const go = (from: number) => own(read(from))
  return (
    <section className="act-part" aria-label={say('The whole output')} data-testid="whole-output">
      {page === null ? (
        <button type="button" className="quiet act-more" disabled={reading} onClick={() => go(1)}>
          <Icon name="page" className="size-4" />
          {say('The whole output, {size}', { size: bytes(rest.bytes) })}
        </button>
      ) : (
        <>
          <div className="act-pager">
            <span className="figures" role="status">
              {say('Lines {from} to {to} of {total}', {
                from: page.from,
                to: page.from + Math.max(0, page.lines - 1),
                total: page.total,
              })}
            </span>
            <button
              type="button"
              className="quiet"
              disabled={reading || page.from <= 1}
              onClick={() => go(Math.max(1, page.from - LINES))}
            >
              {say('Before')}
            </button>
            <button
              type="button"
              className="quiet"
              disabled={reading || page.from + page.lines > page.total}
              onClick={() => go(page.from + page.lines)}
            >
              {say('After')}
            </button>
            <button
              type="button"
              className="quiet"
              disabled={reading || page.from + page.lines > page.total}
              onClick={() => go(Math.max(1, page.total - LINES + 1))}
            >
              {say('The end')}
            </button>
            <button type="button" className="quiet" onClick={() => setPage(null)}>
              {say('Close')}
            </button>
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <pre className="act-text act-tall" tabIndex={0} role="region" aria-label={name} dir="ltr">
            {plainOutput(page.text)}
          </pre>
        </>
      )}
      {fault !== null && (
        <p role="alert" className="act-wrong">
          {faultText(fault)} {fixText(fault)}
        </p>
      )}
    </section>
  )
}
