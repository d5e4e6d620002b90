import { useEffect, useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { newestIn } from '../live/live-run.ts'
import { own } from '../live/own.ts'
import { isLive } from '../state/run-view.ts'
import { spoken } from '../state/spoken.ts'

/** A phase shorter than this is never spoken. */
const SETTLE_MS = 700
/** How far the same phase is, is told no more often than this. */
const AGAIN_MS = 10_000

/** The one place from which a screen reader hears of a run, and its only writer. It speaks phases, and whole sentences where that was chosen. */
export function Announcer() {
  const { aloud, talk, settings } = useApp()
  const sentences = useCell(settings.reading) === 'sentences'
  const place = useCell(talk.place)
  const newest = newestIn(place)?.view
  const said = useCell(aloud)
  const [phase, setPhase] = useState('')
  const [sentence, setSentence] = useState('')
  useEffect(() => {
    if (newest === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let next = ''
    let told = 0
    const listen = () => {
      const text = spoken(newest.get())
      if (text === next) return
      const further = text.split(',')[0] === next.split(',')[0]
      next = text
      clearTimeout(timer)
      const wait = further ? Math.max(SETTLE_MS, told + AGAIN_MS - Date.now()) : SETTLE_MS
      timer = setTimeout(() => {
        told = Date.now()
        setPhase(text)
      }, wait)
    }
    const off = newest.on(listen)
    return () => {
      off()
      clearTimeout(timer)
    }
  }, [newest])
  useEffect(() => {
    if (newest === undefined || !sentences || !isLive(newest.get())) return
    let leave = () => {}
    const left = new AbortController()
    own(
      import('../live/read-aloud.ts').then(({ readAloud }) => {
        if (!left.signal.aborted) leave = readAloud(newest, setSentence)
      }),
    )
    return () => {
      left.abort()
      leave()
      setSentence('')
    }
  }, [newest, sentences])
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => aloud.set(''), 3000)
    return () => clearTimeout(timer)
  }, [said, aloud])
  return (
    <div role="status" className="sr-only" data-testid="spoken">
      {said !== '' ? said : sentence !== '' ? sentence : newest === undefined ? '' : phase}
    </div>
  )
}
