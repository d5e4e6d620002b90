import { useEffect, useState } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import type { Lesson } from '../../wire/mind.ts'
import { useApp, type App } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { own } from '../live/own.ts'

export type Lessons = {
  rows: readonly Lesson[]
  next: string | null
  learns: boolean
  fault: FaultData | null
}

/** What routing has learnt, the newest first; null while it is not known yet. */
export function useLessons(limit: number) {
  const app = useApp()
  const [lessons, put] = useState<Lessons | null>(null)
  useEffect(() => {
    let left = false
    const read = async () => {
      const first = await page(app, limit)
      if (!left) put(first)
    }
    own(read())
    return () => {
      left = true
    }
  }, [app, limit])
  const more = async () => {
    if (lessons === null || lessons.next === null) return
    const further = await page(app, limit, lessons.next)
    put({ ...further, rows: [...lessons.rows, ...further.rows] })
  }
  /** Has the router forget it, or says why not. */
  const forget = async ({ message }: Lesson): Promise<FaultData | null> => {
    const answer = await asked(app, () => app.client.call('lessonsRemove', { params: { message } }))
    if (!answer.ok) return answer.fault
    put((now) => now && { ...now, rows: now.rows.filter((row) => row.message !== message) })
    return null
  }
  return { lessons, more, forget }
}

async function page(app: App, limit: number, before?: string): Promise<Lessons> {
  const query = before === undefined ? { limit } : { limit, before }
  const answer = await asked(app, () => app.client.call('lessonsList', { query }))
  if (!answer.ok) return { rows: [], next: null, learns: true, fault: answer.fault }
  const { lessons, next, learns } = answer.value
  return { rows: lessons, next, learns, fault: null }
}
