import { useState } from 'react'
import type { RunId } from '../../wire/id.ts'
import { momentHash } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import type { Stage } from './stage.ts'

/** A link to the moment that is shown, and the run as a file. */
export function Share({ stage, run }: { stage: Stage; run: RunId }) {
  const { aloud } = useApp()
  const at = useCell(stage.moment)
  const [copied, setCopied] = useState<string | null>(null)
  const link = location.origin + location.pathname + momentHash(run, at)
  const copy = () => {
    navigator.clipboard.writeText(link).then(
      () => {
        setCopied(link)
        aloud.set(say('Link copied'))
      },
      () => aloud.set(say('The browser did not allow copying')),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-1 border-t border-line px-3 py-2">
      <button type="button" className="quiet phone:min-h-10" onClick={copy}>
        <Icon name={copied === link ? 'check' : 'link'} className="size-[15px]" />
        {copied === link ? say('Link copied') : say('Copy link')}
      </button>
      {FORMATS.map(({ format, name }) => (
        <a
          key={format}
          className="quiet phone:min-h-10"
          href={`/v1/runs/${run}/export?format=${format}`}
          download=""
          aria-label={say('Export the run as {format}', { format: name })}
        >
          <Icon name="get" className="size-[15px]" />
          {name}
        </a>
      ))}
    </div>
  )
}

const FORMATS = [
  { format: 'json', name: 'JSON' },
  { format: 'markdown', name: 'Markdown' },
] as const
