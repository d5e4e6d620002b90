import { localeNow } from '../words/say.ts'

/** 14:03 today, 3 Nov this year, 3 Nov 2025 before. */
export function dayOf(iso: string, now = new Date()): string {
  const then = new Date(iso)
  if (then.toDateString() === now.toDateString())
    return then.toLocaleTimeString(localeNow(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const year = then.getFullYear() === now.getFullYear() ? undefined : 'numeric'
  return then.toLocaleDateString(localeNow(), { day: 'numeric', month: 'short', year })
}
