import { useRef } from 'react'
import type { InstalledModel } from '../../wire/shelf.ts'
import { useApp } from '../live/app.ts'
import { bytes } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'
import { say } from '../words/say.ts'
import { faultText, fixText } from '../words/titles.ts'

/** "Use from now on" and "Remove", which cannot be undone and therefore asks. */
export function FileActions({ file }: { file: InstalledModel }) {
  const { shelf, aloud } = useApp()
  const { asking, refused, ask } = useAsking()
  const dialog = useRef<HTMLDialogElement>(null)
  const { name } = file
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!file.chosen && (
        <button
          type="button"
          className="button"
          disabled={asking}
          aria-label={say('Use {model} from now on', { model: name })}
          onClick={() =>
            ask(
              () => shelf.use(name),
              () => aloud.set(say('{model} answers from now on', { model: name })),
            )
          }
        >
          {say('Use from now on')}
        </button>
      )}
      {file.removable && (
        <button
          type="button"
          className="tap"
          disabled={asking}
          aria-label={say('Remove {model}', { model: name })}
          title={say('Remove')}
          onClick={() => dialog.current?.showModal()}
        >
          <Icon name="bin" />
        </button>
      )}
      {!file.removable && <span className="w-9 phone:hidden" />}
      {refused !== null && (
        <p role="alert" className="w-full text-[13px] text-bad">
          {faultText(refused)} {fixText(refused)}
        </p>
      )}
      <dialog
        ref={dialog}
        aria-label={say('Remove {model}?', { model: name })}
        className="m-auto w-[26rem] max-w-[calc(100vw-2rem)] rounded-2xl border border-rule bg-raise p-6 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
      >
        <h2 className="text-[17px] font-[580] break-words">{say('Remove {model}?', { model: name })}</h2>
        <p className="mt-2 text-[14px] text-soft">
          {say(
            'Its file of {size} is deleted from this disk. That cannot be undone: to have the model again, it must be got again.',
            { size: bytes(file.bytes) },
          )}
        </p>
        <div className="mt-5 flex justify-end gap-2">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {say('Keep it')}
          </button>
          <button
            type="button"
            className="button border-transparent bg-bad text-page hover:bg-bad"
            onClick={() => {
              dialog.current?.close()
              ask(
                () => shelf.remove(name),
                () => aloud.set(say('{model} was removed', { model: name })),
              )
            }}
          >
            {say('Remove {size}', { size: bytes(file.bytes) })}
          </button>
        </div>
      </dialog>
    </div>
  )
}
