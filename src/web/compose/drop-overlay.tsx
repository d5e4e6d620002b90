import { createPortal } from 'react-dom'
import { MOST_ATTACHMENTS } from '../../wire/attachment.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** Lies over the chat while files are held over the page, and says what letting go does. */
export function DropOverlay() {
  const main = document.querySelector('main')
  if (main === null) return null
  return createPortal(
    <div
      data-testid="drop"
      className="pointer-events-none absolute inset-0 z-20 flex flex-col items-center justify-center bg-[color-mix(in_oklab,var(--page)_95%,transparent)] p-6 text-center"
    >
      <div className="arrive flex flex-col items-center">
        <span className="inline-flex size-12 items-center justify-center rounded-2xl bg-accent-wash text-accent">
          <Icon name="clip" className="size-6" />
        </span>
        <p className="mt-4 text-[19px] font-[600] tracking-[-0.01em]">{say('Let go to attach')}</p>
        <p className="mt-1 text-[14px] text-soft">
          {say('Pictures and text files: up to {n}, of at most 10 MB each.', {
            n: MOST_ATTACHMENTS,
          })}
        </p>
      </div>
    </div>,
    main,
  )
}
