import { useEffect, useRef } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { Icon } from './icons.tsx'

const KEYS: readonly (readonly [string, readonly string[]])[] = [
  ['Send', ['Enter']],
  ['New line', ['Shift', 'Enter']],
  ['Stop the answer', ['Esc']],
  ['Write a message', ['/']],
  ['New chat', ['Ctrl', 'Shift', 'O']],
  ['Models', ['Ctrl', ',']],
  ['Show or hide the trace', ['Ctrl', '.']],
  ['In the trace: rows, open and close', ['↑', '↓', '←', '→']],
  ['In the trace: details', ['Enter']],
  ['In the trace: play or pause', ['Space']],
  ['In the trace: this row as wide as the panel', ['F']],
  ['To another message', ['Alt', '↑ ↓']],
  ['On a message: copy, edit, regenerate', ['C', 'E', 'R']],
  ['On a message: versions', ['← →']],
  ['To the end', ['End']],
  ['In the list: next, options', ['↓', '→']],
  ['In the list: rename, delete', ['F2', 'Delete']],
  ['Take a deletion back', ['Ctrl', 'Z']],
  ['This list', ['?']],
]

export function KeysDialog() {
  const { panels } = useApp()
  const open = useCell(panels).keys
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  const close = () => panels.set({ ...panels.get(), keys: false })
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label="Keyboard shortcuts"
      className="m-auto w-96 max-w-[calc(100vw-2rem)] rounded-2xl border border-rule bg-raise p-5 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
    >
      <div className="mb-3 flex items-center">
        <h2 className="text-[15px] font-[560]">Keyboard</h2>
        <button type="button" className="tap ml-auto" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl className="text-[14px]">
        {KEYS.map(([what, keys]) => (
          <div key={what} className="flex items-center border-line py-2 not-first:border-t">
            <dt className="text-soft">{what}</dt>
            <dd className="ml-auto flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
