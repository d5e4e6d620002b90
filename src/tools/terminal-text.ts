/** A line that is longer is ended. */
const MOST_LINE = 16_384

/** What a terminal would show in the end: escapes gone, and what a carriage return or backspace wrote over gone too. */
export function settled(line: string): string {
  if (!CONTROL.test(line)) return line
  const plain = withoutEscapes(line)
  if (!/[\r\b]/.test(plain)) return plain.replaceAll(CONTROLS, '')
  const cells: string[] = []
  let at = 0
  for (const c of plain.replace(/\r+$/, '')) {
    if (c === '\r') at = 0
    else if (c === '\b') at = Math.max(0, at - 1)
    else cells[at++] = c
  }
  return cells.join('').replaceAll(CONTROLS, '').trimEnd()
}

// oxlint-disable no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
const withoutEscapes = (text: string): string =>
  text.replaceAll(
    // Operating system commands and other strings with their end; control sequences; what is left of single escapes.
    /(?:\u001b[\]PX^_]|[\u009d\u0090])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|\u001b[ -/]*(?:[0-~]|$)/g,
    '',
  )

/**
 * Bytes of a program as text: each line once it is done, by `line`; and as they come by `live`, where a line that writes over itself waits for its end.
 * What is no UTF-8 is replaced.
 */
export function terminalText({ line, live }: { line: (text: string) => void; live: (text: string) => void }) {
  const decoder = new TextDecoder('utf-8')
  let [open, told, fresh] = ['', 0, '']
  const done = (raw: string) => {
    const text = settled(raw)
    fresh += `${told > 0 && raw.slice(0, told) === text.slice(0, told) ? text.slice(told) : text}\n`
    line(text)
    told = 0
  }
  const take = (text: string) => {
    open += text
    const lines = open.split('\n')
    open = lines.pop() ?? ''
    for (const whole of lines) done(whole)
    if (open.length > MOST_LINE) {
      done(open)
      open = ''
    } else if (!CONTROL.test(open)) {
      fresh += open.slice(told)
      told = open.length
    }
    tell()
  }
  const tell = () => {
    if (fresh !== '') live(fresh)
    fresh = ''
  }
  return {
    push: (bytes: Uint8Array) => take(decoder.decode(bytes, { stream: true })),
    end: () => {
      take(decoder.decode())
      if (open !== '') done(open)
      open = ''
      tell()
    },
  }
}

/** The lines of an output within a bound: the first and the last ones, and between them how many were left out. */
export function boundedLines(most: number) {
  const first: string[] = []
  let last: string[] = []
  let [firstChars, lastChars, all, dropped] = [0, 0, 0, 0]
  return {
    add: (text: string) => {
      all++
      if (dropped === 0 && lastChars === 0 && firstChars + text.length < most / 4) {
        first.push(text)
        firstChars += text.length + 1
        return
      }
      last.push(text)
      lastChars += text.length + 1
      if (lastChars < most * 1.5) return
      let kept = last.length
      for (let chars = 0; kept > 0 && chars < (most * 3) / 4;) chars += last[--kept]!.length + 1
      dropped += kept
      last = last.slice(kept)
      lastChars = last.reduce((sum, { length }) => sum + length + 1, 0)
    },
    lines: () => all,
    text: () => [...first, ...(dropped === 0 ? [] : [`… ${dropped} lines are left out here …`]), ...last].join('\n'),
    /** What is kept is let go: the next text is of what comes from now on. */
    clear: () => {
      first.length = 0
      last = []
      firstChars = lastChars = all = dropped = 0
    },
  }
}
