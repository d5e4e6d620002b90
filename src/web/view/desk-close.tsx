import type { RefObject } from 'react'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

/** The way out of what lies over the page; its dialog tells by `close` that it was taken. */
export function DeskClose({ dialog }: { dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <button type="button" className="tap desk-close" aria-label={say('Close')} onClick={() => dialog.current?.close()}>
      <Icon name="close" />
    </button>
  )
}
