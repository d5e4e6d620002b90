import type { RefObject } from 'react'
import { say } from '../words/say.ts'

/** Asked before a form is left in which something was typed. */
export function LeaveDialog({
  box,
  keep,
  discard,
}: {
  box: RefObject<HTMLDialogElement | null>
  keep: () => void
  discard: () => void
}) {
  const then = (go: () => void) => () => {
    box.current?.close()
    go()
  }
  return (
    <dialog
      ref={box}
      aria-label={say('Leave what is not saved?')}
      className="m-auto w-[27rem] max-w-[calc(100vw-2rem)] rounded-2xl border border-rule bg-raise p-6 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
    >
      <h2 className="text-[17px] font-[580]">{say('Leave what is not saved?')}</h2>
      <p className="mt-2 text-[14px] text-soft">
        {say('Kept for later, it waits in this browser until you come back to this form.')}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <button type="button" className="button" onClick={() => box.current?.close()}>
          {say('Go on writing')}
        </button>
        <button type="button" className="button border-transparent text-bad" onClick={then(discard)}>
          {say('Throw it away')}
        </button>
        <button type="button" className="button button-first" onClick={then(keep)}>
          {say('Keep it for later')}
        </button>
      </div>
    </dialog>
  )
}
