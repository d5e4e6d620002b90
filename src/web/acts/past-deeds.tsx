import { useEffect, useState } from 'react'
import type { Did } from '../../wire/did.ts'
import type { RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { usePick, type Cell } from '../live/cell.ts'
import { didWords } from '../state/did-words.ts'
import type { RunView } from '../state/run-view.ts'
import { Deeds } from '../view/answer.tsx'
import { Disclosure } from '../view/disclosure.tsx'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** What an answer of an earlier visit did: a quiet line, and on request each call as it was shown when it ran. */
export function PastDeeds({ run, did }: { run: RunId; did: Did }) {
  return (
    <Disclosure
      testId="deeds"
      head={
        <>
          <Icon name="tool" className="size-4 text-faint" />
          <span className="min-w-0 text-[13.5px]">{didWords(did)}</span>
        </>
      }
    >
      <FromLog run={run} />
    </Disclosure>
  )
}

function FromLog({ run }: { run: RunId }) {
  const { readLog } = useApp()
  const [log, set] = useState<Cell<RunView> | null>(null)
  useEffect(() => {
    const leave = new AbortController()
    const read = readLog(run, leave.signal)
    const off = read.on(() => set(read))
    return () => {
      off()
      leave.abort()
    }
  }, [run, readLog])
  return <div className="my-1 space-y-3">{log === null ? <Reading /> : <Read view={log} />}</div>
}

function Read({ view }: { view: Cell<RunView> }) {
  const missing = usePick(view, (v) => v.missing)
  const whole = usePick(view, (v) => v.draft.end !== null)
  if (missing !== null) return <FaultCard fault={missing} />
  return whole ? <Deeds view={view} /> : <Reading />
}

const Reading = () => <p className="text-[13.5px] text-soft">{say('Reading what was done…')}</p>
