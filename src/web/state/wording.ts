import { localeNow } from '../words/say.ts'

let formats = { locale: '', whole: new Intl.NumberFormat('en'), tenth: new Intl.NumberFormat('en') }
function formatsNow(): typeof formats {
  const locale = localeNow()
  if (formats.locale !== locale) {
    const tenth = new Intl.NumberFormat(locale, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      useGrouping: false,
    })
    formats = { locale, whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }), tenth }
  }
  return formats
}

/** 1,200 */
export const count = (n: number): string => formatsNow().whole.format(Math.round(n))
/** 4.9 */
export const tenth = (n: number): string => formatsNow().tenth.format(n)

/** Whole seconds while something runs: a figure that changes once a second is calm, tenths are not. */
export function elapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  if (s < 60) return `${s} s`
  const m = Math.floor(s / 60)
  return m < 60 ? `${m} min ${s % 60} s` : `${Math.floor(m / 60)} h ${m % 60} min`
}

/** A time that is over, as exact as it is interesting. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10_000) return `${tenth(ms / 1000)} s`
  return elapsed(ms)
}

export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let i = 0
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000
    i++
  }
  return `${n >= 100 || i === 0 ? Math.round(n) : tenth(n)} ${units[i]}`
}

export const percent = (share: number): string =>
  share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(share * 100)} %`

/** a, b and c */
export const listed = (all: readonly string[]): string => new Intl.ListFormat(localeNow()).format(all)

/** 1 message, 2 messages */
export const many = (n: number, one: string, more = `${one}s`): string => `${count(n)} ${n === 1 ? one : more}`

/** A time to come: the longer it is, the less exactly it is known. */
export function about(ms: number): string {
  const s = Math.ceil(ms / 1000)
  if (s <= 20) return `${s} s`
  if (s <= 60) return `${Math.ceil(s / 5) * 5} s`
  const m = Math.ceil(s / 60)
  return m < 60 ? `${m} min` : `${Math.floor(m / 60)} h ${m % 60} min`
}

/** 14:03, with the day if that is not today. */
export function clock(iso: string, now: Date): string {
  const then = new Date(iso)
  const time = then.toLocaleTimeString(localeNow(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return then.toDateString() === now.toDateString()
    ? time
    : `${then.toLocaleDateString(localeNow(), { month: 'short', day: 'numeric' })}, ${time}`
}
