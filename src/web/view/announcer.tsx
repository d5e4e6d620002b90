import { useEffect, useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { newestIn } from '../live/live-run.ts'
import { spoken } from '../state/spoken.ts'

/** A phase shorter than this is never spoken. */
const SETTLE_MS = 700
/** How far the same phase is, is told no more often than this. */
const AGAIN_MS = 10_000

/** The one place from which a screen reader hears of a run, and its only writer. It speaks phases, never words. */
export function Announcer() {
  const { aloud, talk } = useApp()
  const place = useCell(talk.place)
  const newest = newestIn(place)?.view
  const said = useCell(aloud)
  const [phase, setPhase] = useState('')
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
    if (said === '') return
    const timer = setTimeout(() => aloud.set(''), 3000)
    return () => clearTimeout(timer)
  }, [said, aloud])
  return (
    <div role="status" className="sr-only" data-testid="spoken">
      {said !== '' ? said : newest === undefined ? '' : phase}
    </div>
  )
}
