import { useEffect, useState } from 'react'
import type { Message } from '../../wire/message.ts'
import type { Recalled } from '../../wire/recall.ts'
import { useApp } from './app.ts'

const NONE: readonly Recalled[] = []

/** What an answer of an earlier visit was given: looked for in its log, if its text may cite something. */
export function usePastRecalls({ run, text }: Pick<Message, 'run' | 'text'>): readonly Recalled[] {
  const { readLog } = useApp()
  const [recalls, set] = useState(NONE)
  const may = /\[\d{1,3}[\],;]/.test(text)
  useEffect(() => {
    if (!may) return
    const leave = new AbortController()
    const log = readLog(run, leave.signal)
    const off = log.on(() => set(log.get().draft.recalls))
    return () => {
      off()
      leave.abort()
    }
  }, [may, run, readLog])
  return recalls
}
