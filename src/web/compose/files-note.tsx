import type { ReactNode } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { isPicture, isUsable, type Item } from '../state/brought.ts'
import { asked, sight, type Seer } from '../state/sight.ts'
import { count } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** Text has about so many bytes to a token. */
const BYTES = 4

/** What would come of these files: pictures that are not seen, text that is more than a model reads. */
export function FilesNote({ items, drop }: { items: readonly Item[]; drop: (which: readonly Item[]) => void }) {
  const { machine, talk } = useApp()
  const wish = useCell(talk.wish)
  const there = useCell(machine)
  if (!there.known) return null
  const pictures = items.filter((item) => isUsable(item) && isPicture(item))
  const choose = (model: string) => () => talk.wish.set({ ...wish, model })
  if (pictures.length > 0) {
    const seen = sight(there, wish)
    if (seen.state === 'unknown')
      return (
        <Note
          text={say('It is not known whether {model} can see pictures.', { model: seen.model })}
          act={choose(seen.wish)}
        >
          {say('Show it to {model}', { model: seen.model })}
        </Note>
      )
    if (seen.state === 'blind' && seen.by === null)
      return (
        <Note
          text={say('{model} can’t see pictures, and no other model here can: this would not be answered.', {
            model: seen.model,
          })}
          act={() => drop(pictures)}
        >
          {say('Remove the pictures')}
        </Note>
      )
    if (seen.state !== 'seen' && seen.by !== null) {
      const { model, by } = seen
      return (
        <Note text={seen.state === 'blind' ? blind(model, by) : unsure(model, by)} act={choose(by.wish)}>
          {say('Choose {model}', { model: by.name })}
        </Note>
      )
    }
  }
  const tokens =
    items.filter((item) => isUsable(item) && !isPicture(item)).reduce((sum, item) => sum + item.bytes, 0) / BYTES
  const model = asked(there, wish)
  if (model?.context == null || tokens < model.context) return null
  return (
    <Note
      text={say('These are about {n} tokens, and {model} reads {most} at once.', {
        n: count(Number(tokens.toPrecision(2))),
        model: model.name,
        most: count(model.context),
      })}
    />
  )
}

const blind = (model: string, { name, remote }: Seer): string =>
  remote === null
    ? say('{model} can’t see pictures; {other} can.', { model, other: name })
    : say('{model} can’t see pictures; {other} at {host} can.', { model, other: name, host: remote })
const unsure = (model: string, { name, remote }: Seer): string =>
  remote === null
    ? say('It is not known whether {model} can see pictures; {other} can.', { model, other: name })
    : say('It is not known whether {model} can see pictures; {other} at {host} can.', {
        model,
        other: name,
        host: remote,
      })

function Note({ text, act, children }: { text: string; act?: () => void; children?: ReactNode }) {
  return (
    <div
      role="status"
      data-testid="files-note"
      className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-xl bg-warn-wash py-1.5 pr-2 pl-3 text-[13px]"
    >
      <Icon name="warn" className="size-4 text-warn" />
      <p className="min-w-0 flex-1 basis-52 text-soft">{text}</p>
      {act !== undefined && (
        <button type="button" className="button max-w-full" onClick={act}>
          <span className="min-w-0 truncate">{children}</span>
        </button>
      )}
    </div>
  )
}
