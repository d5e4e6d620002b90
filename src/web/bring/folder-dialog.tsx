import { useEffect, useRef, useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { asked } from '../live/asked.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { faultText } from '../words/titles.ts'
import { DeskClose } from '../view/desk-close.tsx'

/** A folder gets another name, or goes; its chats stay. */
export function FolderDialog({ name, close }: { name: string; close: () => void }) {
  const app = useApp()
  const { folders } = useCell(app.sessions.state)
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const { asking, refused, ask } = useAsking()
  const [holds] = useState(folders.find((one) => one.name === name)?.sessions ?? 0)
  useEffect(() => {
    dialog.current?.showModal()
    field.current?.select()
  }, [])
  const rename = async (to: string | null) => {
    const call = { params: { folder: name }, body: { name: to } }
    const answer = await asked(app, () => app.client.call('foldersChange', call))
    if (!answer.ok) return answer.fault
    for (const one of app.sessions.state.get().sessions)
      if (one.folder === name) app.sessions.put({ ...one, folder: to })
    app.sessions.count()
    return null
  }
  const move = (to: string | null) =>
    ask(
      () => rename(to),
      () => dialog.current?.close(),
    )
  const there = folders.map((one) => one.name)
  return (
    <dialog ref={dialog} onClose={close} aria-label={say('Folder {name}', { name })} className="desk desk-small">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const to = field.current?.value.trim() ?? ''
          if (to === '' || to === name) dialog.current?.close()
          else move(to)
        }}
      >
        <div className="flex items-center">
          <h2 className="min-w-0 flex-1 truncate text-[16px] font-[600]">{say('Folder')}</h2>
          <DeskClose dialog={dialog} />
        </div>
        <p className="text-[13.5px] text-soft">{sayCount(holds, 'It holds 1 chat.', 'It holds {n} chats.')}</p>
        <label className="mt-4 block text-[13px] text-soft">
          {say('Name')}
          <input
            ref={field}
            maxLength={100}
            required
            defaultValue={name}
            list="pkn-folders"
            className="mt-1 min-h-10 w-full rounded-xl border border-rule bg-raise px-3 text-[14.5px] text-ink"
          />
        </label>
        <datalist id="pkn-folders">
          {there.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <p className="mt-1 text-[12.5px] text-faint">{say('With the name of another folder the two become one.')}</p>
        {refused !== null && (
          <p role="alert" className="mt-2 text-[13.5px] text-bad">
            {faultText(refused)}
          </p>
        )}
        <div className="mt-4 flex flex-wrap items-center gap-2">
          <button type="button" className="quiet -ml-2 min-h-9" disabled={asking} onClick={() => move(null)}>
            <Icon name="bin" className="size-4" />
            {say('Remove the folder, keep its chats')}
          </button>
          <span className="flex-1" />
          <button type="submit" className="button button-first" disabled={asking}>
            {say('Rename')}
          </button>
        </div>
      </form>
    </dialog>
  )
}
