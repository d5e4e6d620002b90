import { useEffect, useMemo, useState } from 'react'
import type { Message } from '../../wire/message.ts'
import type { Recalled, RecalledBrief } from '../../wire/recall.ts'
import { useApp } from './app.ts'

const NONE: readonly Recalled[] = []

/**
 * What an answer of an earlier visit was given: how much, and where it stands, at once from the history; its words (empty until then) once
 * `load` was called, from the log. The log is read at once where the history knows nothing of it, and the text may cite something.
 */
export function usePastRecalls({ run, text, recalled }: Pick<Message, 'run' | 'text' | 'recalled'>): {
  recalls: readonly Recalled[]
  load: () => void
} {
  const { readLog } = useApp()
  const brief = useMemo(() => placesOf(recalled), [recalled])
  const [whole, set] = useState<readonly Recalled[] | null>(null)
  const [wanted, want] = useState(false)
  const read = wanted || (recalled == null && /\[\d{1,3}[\],;]/.test(text))
  useEffect(() => {
    if (!read) return
    const leave = new AbortController()
    const log = readLog(run, leave.signal)
    const off = log.on(() => {
      const { recalls, end } = log.get().draft
      // Until all is read, the history knows more.
      if (end !== null || recalled == null) set(recalls)
    })
    return () => {
      off()
      leave.abort()
    }
  }, [read, run, recalled, readLog])
  return { recalls: whole ?? brief, load: () => want(brief.length > 0) }
}

function placesOf(brief: RecalledBrief | null | undefined): readonly Recalled[] {
  if (brief == null || brief.memories.length + brief.passages.length === 0) return NONE
  return [
    {
      memories: brief.memories.map((memory) => ({ memory, text: '' })),
      passages: brief.passages.map((passage) => ({ ...passage, text: '', by: [] })),
    },
  ]
}
