export type Skipped = { what: string; why: string }

/** Few words of what was in a file, for a person to find it by. */
export const called = (title: unknown, fallback: string): string =>
  typeof title === 'string' && title.trim() !== '' ? `"${title.trim().replaceAll(/\s+/g, ' ').slice(0, 80)}"` : fallback

/** What was left out, by reason; each reason is told once, with how often. */
export class LeftOut {
  readonly #counts = new Map<string, number>()

  add(why: string, times = 1): void {
    if (times > 0) this.#counts.set(why, (this.#counts.get(why) ?? 0) + times)
  }

  told(what: string): Skipped[] {
    return Array.from(this.#counts, ([why, times]) => ({ what, why: times === 1 ? why : `${why} (${times} times)` }))
  }
}
