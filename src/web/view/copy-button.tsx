import { useEffect, useState } from 'react'
import { useApp } from '../live/app.ts'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

/** `bare` shows no word beside the picture. */
export function CopyButton({ text, label, bare = false }: { text: string; label: string; bare?: boolean }) {
  const { aloud } = useApp()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true)
        aloud.set(say('Copied'))
      },
      () => aloud.set(say('The browser did not allow copying')),
    )
  }
  return (
    <button type="button" data-key="c" className="quiet" aria-label={label} title={label} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} className="size-[15px]" />
      {!bare && <span aria-hidden="true">{copied ? say('Copied') : say('Copy')}</span>}
    </button>
  )
}
