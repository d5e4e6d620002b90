import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'

const COMMAND = './pkn start'

/** How the server is started, to be copied: a page can't do that itself. */
export function StartServer() {
  const { aloud } = useApp()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard.writeText(COMMAND).then(
      () => {
        setCopied(true)
        aloud.set(say('Copied'))
      },
      () => aloud.set(say('The browser did not allow copying')),
    )
  }
  return (
    <button
      type="button"
      className="button flex-none gap-2"
      title={say('If it is not running, start it in the folder of PKN with this')}
      aria-label={say('Copy “{command}”', { command: COMMAND })}
      onClick={copy}
    >
      <code className="font-mono text-[12.5px]">{COMMAND}</code>
      <Icon name={copied ? 'check' : 'copy'} className="size-[15px]" />
    </button>
  )
}
