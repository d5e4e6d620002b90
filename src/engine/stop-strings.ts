/** How many characters at the end of `text` may be the beginning of `mark`. */
export function overlap(text: string, mark: string): number {
  for (let n = Math.min(mark.length - 1, text.length); n > 0; n--) if (mark.startsWith(text.slice(-n))) return n
  return 0
}

/** Passes text on up to the first stop string, keeping back what may be the beginning of one. */
export function stopStrings(stops: readonly string[]): {
  push: (text: string) => { text: string; stopped: boolean }
  flush: () => string
} {
  let kept = ''
  return {
    push(text) {
      if (stops.length === 0) return { text, stopped: false }
      const all = kept + text
      const ends = stops.map((stop) => all.indexOf(stop)).filter((at) => at !== -1)
      kept = ''
      if (ends.length > 0) return { text: all.slice(0, Math.min(...ends)), stopped: true }
      const back = Math.max(...stops.map((stop) => overlap(all, stop)))
      kept = all.slice(all.length - back)
      return { text: all.slice(0, all.length - back), stopped: false }
    },
    flush() {
      const text = kept
      kept = ''
      return text
    },
  }
}
