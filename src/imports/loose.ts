// What another program wrote may hold anything anywhere: these look, and never trust.

export type Loose = { readonly [key: string]: unknown }

export const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const objectOf = (value: unknown): Loose => (isObject(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const nameOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 300) : null
export const idOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const FIRST = Date.UTC(2000, 0, 1)
const LAST = Date.UTC(2100, 0, 1)

/** Seconds, milliseconds or text; null for what is no time of this century. */
export function timeOf(value: unknown): string | null {
  const ms =
    typeof value === 'number'
      ? value < 1e11
        ? value * 1000
        : value
      : typeof value === 'string'
        ? Date.parse(value)
        : NaN
  return ms >= FIRST && ms < LAST ? new Date(ms).toISOString() : null
}
