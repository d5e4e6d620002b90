/** A diagram that takes longer than this is given up, and the frame with it. */
const PATIENCE_MS = 10_000
const LARGEST = 2_000_000
const LONGEST = 20_000
const KEPT = 60

type Asked = { id: number; source: string; dark: boolean; done: (svg: string) => void; failed: (why: Error) => void }
/** One at a time: a diagram that hangs must be known from those that wait behind it. */
const queue: Asked[] = []
const kept = new Map<string, string>()
let frame: { element: HTMLIFrameElement; ready: boolean } | null = null
let patience: ReturnType<typeof setTimeout> | undefined
let ids = 0

/**
 * The address of a picture of the diagram. It is drawn in a frame that belongs to no origin: what runs there sees neither this page nor its
 * storage, and can reach no network. Rejects with a message for the reader.
 */
export async function drawDiagram(source: string, dark: boolean, left: AbortSignal): Promise<string> {
  const key = `${dark} ${source}`
  const before = kept.get(key)
  if (before !== undefined) return before
  if (source.length > LONGEST) throw new Error('it is too long.')
  const svg = await new Promise<string>((done, failed) => {
    const asked = { id: ++ids, source, dark, done, failed }
    left.addEventListener('abort', () => {
      // What is being drawn already ends by itself; what waits is not begun.
      if (queue.indexOf(asked) > 0) queue.splice(queue.indexOf(asked), 1)
      failed(new Error('it is not wanted any more.'))
    })
    queue.push(asked)
    if (queue.length === 1) next()
  })
  const picture = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value!)
  kept.set(key, picture)
  return picture
}

function next(): void {
  clearTimeout(patience)
  const [asked] = queue
  if (asked === undefined) return
  frame ??= open()
  if (!frame.ready) return
  const { id, source, dark } = asked
  frame.element.contentWindow?.postMessage({ id, source, dark }, '*')
  patience = setTimeout(() => {
    close()
    queue.shift()?.failed(new Error('drawing it took too long.'))
    next()
  }, PATIENCE_MS)
}

function open() {
  const element = document.createElement('iframe')
  element.sandbox.add('allow-scripts')
  element.className = 'offstage'
  element.title = 'Draws diagrams'
  element.tabIndex = -1
  element.ariaHidden = 'true'
  element.src = '/frames/diagram.html'
  const opened = { element, ready: false }
  element.addEventListener('load', () => {
    opened.ready = true
    next()
  })
  addEventListener('message', hear)
  document.body.append(element)
  return opened
}

function close(): void {
  removeEventListener('message', hear)
  frame?.element.remove()
  frame = null
}

function hear({ source, data }: MessageEvent<unknown>): void {
  if (frame === null || source !== frame.element.contentWindow) return
  const { id, svg, why } = (data ?? {}) as Record<string, unknown>
  const [asked] = queue
  if (asked === undefined || asked.id !== id) return
  queue.shift()
  if (typeof svg === 'string' && svg.startsWith('<svg') && svg.length <= LARGEST) asked.done(svg)
  else asked.failed(new Error(typeof why === 'string' ? why.slice(0, 300) : 'nothing came of it.'))
  next()
}
