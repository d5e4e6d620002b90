/** Server-sent events, both ways. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export type Frame = { event?: string; id?: string; data: string }

export const PING = ': ping\n\n'

/** `data` must be one line, which JSON is. */
export const encodeFrame = ({ event, id, data }: Frame): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`

export class FrameTooLong extends Error {}

/**
 * Takes text in any pieces and gives the frames that are complete. Comments become `onComment`, so that a reader can tell a ping
 * from silence; lines that are no field of an event become `onStray`. Throws FrameTooLong when a line or a frame grows past `limit` characters.
 */
export function frameReader(
  options: { limit?: number; onComment?: (text: string) => void; onStray?: (line: string) => void } = {},
): (text: string) => Frame[] {
  const limit = options.limit ?? 16 * 1024 * 1024
  let rest: string[] = []
  let restLength = 0
  let afterCr = false
  let data: string[] = []
  let dataLength = 0
  let event: string | undefined
  let id: string | undefined
  return (text) => {
    const frames: Frame[] = []
    let from = afterCr && text.startsWith('\n') ? 1 : 0
    if (text.length > 0) afterCr = text.endsWith('\r')
    let cr = text.indexOf('\r', from)
    for (;;) {
      let end = text.indexOf('\n', from)
      // Looked for again only when passed: a text without one is searched once, not once a line.
      if (cr !== -1 && cr < from) cr = text.indexOf('\r', from)
      if (cr !== -1 && (end === -1 || cr < end)) end = cr
      if (end === -1) break
      let line = text.slice(from, end)
      if (restLength > 0) {
        line = rest.join('') + line
        rest = []
        restLength = 0
      }
      from = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1
      if (line === '') {
        if (data.length > 0) {
          const frame: Frame = { data: data.length === 1 ? data[0]! : data.join('\n') }
          if (event !== undefined) frame.event = event
          if (id !== undefined) frame.id = id
          frames.push(frame)
        }
        data = []
        dataLength = 0
        event = undefined
        id = undefined
        continue
      }
      if (line.length > limit) throw new FrameTooLong(`a line of ${line.length} characters`)
      if (line.startsWith(':')) {
        options.onComment?.(line.slice(1).trim())
        continue
      }
      const colon = line.indexOf(':')
      const name = colon === -1 ? line : line.slice(0, colon)
      const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
      if (name === 'data') {
        data.push(value)
        dataLength += value.length
        if (dataLength > limit) throw new FrameTooLong(`a frame of ${dataLength} characters`)
      } else if (name === 'event') event = value
      else if (name === 'id') id = value
      else if (name !== 'retry') options.onStray?.(line)
    }
    if (from < text.length) {
      rest.push(from === 0 ? text : text.slice(from))
      restLength += text.length - from
      if (restLength > limit) throw new FrameTooLong(`a line of more than ${limit} characters`)
    }
    return frames
  }
}
