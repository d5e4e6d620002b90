import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Icon } from '../view/icons.tsx'
import { safeLink } from './links.ts'
import { say } from '../words/say.ts'

/**
 * A picture from elsewhere: its address could carry away what was said, so nothing is asked for until somebody clicks. Then it is shown in
 * a document of its own that may load pictures and nothing else; this page may not load any.
 */
export function Picture({ href, text }: { href: string; text: string }): ReactNode {
  const [shown, setShown] = useState(false)
  const safe = safeLink(href)
  if (safe === null || !/^https?:/.test(safe)) return text
  if (shown) return <Shown url={safe} text={text} />
  return (
    <button type="button" className="placeholder" title={safe} onClick={() => setShown(true)}>
      <Icon name="image" className="size-4" />
      <span className="min-w-0">
        {text === '' ? say('Picture') : text}
        <span className="target"> {say('on {host}, not loaded. Click to load it', { host: new URL(safe).host })}</span>
      </span>
    </button>
  )
}

type Said = { width: number; height: number } | { failed: true }

function Shown({ url, text }: { url: string; text: string }): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null)
  const [said, setSaid] = useState<Said | null>(null)
  useEffect(() => {
    const hear = ({ source, data }: MessageEvent<unknown>) => {
      if (source === frame.current?.contentWindow) setSaid(parse(data))
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])
  if (said !== null && 'failed' in said)
    return (
      <span className="target">
        {text === '' ? say('The picture') : text}: {say('{host} sent no picture.', { host: new URL(url).host })}
      </span>
    )
  return (
    <iframe
      ref={frame}
      className="picture"
      title={text === '' ? say('Picture from {host}', { host: new URL(url).host }) : text}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      src="/frames/picture.html"
      width={said?.width ?? 320}
      height={said?.height ?? 120}
      style={said === null ? undefined : { aspectRatio: `${said.width} / ${said.height}`, height: 'auto' }}
      onLoad={() => frame.current?.contentWindow?.postMessage({ url, text }, '*')}
    />
  )
}

function parse(data: unknown): Said {
  const { width, height } = (data ?? {}) as Record<string, unknown>
  const good = (n: unknown): n is number => typeof n === 'number' && n > 0 && n < 20_000
  return good(width) && good(height) ? { width, height } : { failed: true }
}
