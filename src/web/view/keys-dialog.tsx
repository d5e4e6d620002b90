import { useEffect, useRef } from 'react'
import { keyList } from '../find/key-list.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { capsOf } from '../live/key-names.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

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
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close()
      }}
      aria-label={say('Keyboard shortcuts')}
      className="m-auto max-h-[min(46rem,90dvh)] w-[52rem] max-w-[calc(100vw-2rem)] overflow-hidden rounded-2xl border border-rule bg-raise p-0 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
    >
      <div className="flex max-h-[inherit] flex-col">
        <div className="flex h-14 flex-none items-center border-b border-line pr-2.5 pl-6">
          <h2 className="text-[15px] font-[560]">{say('Keyboard')}</h2>
          <button
            type="button"
            className="tap ml-auto"
            aria-label={say('Close')}
            title={say('Close (Esc)')}
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </div>
        <div
          className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 text-[14px]"
          role="region"
          aria-label={say('The keys')}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
          tabIndex={0}
        >
          <div className="columns-2 gap-12 phone:columns-1">
            {keyList().map(({ name, rows }) => (
              <section key={name} className="break-inside-avoid pt-5" aria-label={name}>
                <h3 className="pb-1 text-[12px] font-[540] text-faint">{name}</h3>
                <dl>
                  {rows.map(({ key, what }) => (
                    <div key={key} className="flex min-h-8 items-center gap-4 border-line not-first:border-t">
                      <dt className="py-1 leading-snug text-soft">{what}</dt>
                      <dd className="ml-auto flex flex-none gap-1" data-shortcut={key}>
                        {capsOf(key).map((cap) => (
                          <kbd key={cap} className="key">
                            {cap}
                          </kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </div>
      </div>
    </dialog>
  )
}
