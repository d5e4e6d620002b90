import { useEffect, useState } from 'react'
import { useApp } from '../live/app.ts'
import { Icon } from './icons.tsx'

export function CopyButton({ text, label }: { text: string; label: string }) {
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
        aloud.set('Copied')
      },
      () => aloud.set('The browser did not allow copying'),
    )
  }
  return (
    <button type="button" data-key="c" className="quiet" aria-label={label} title={label} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} className="size-[15px]" />
      <span aria-hidden="true">{copied ? 'Copied' : 'Copy'}</span>
    </button>
  )
}
