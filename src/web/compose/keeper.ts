import { Refusal, Unreachable } from '../../client/refusal.ts'
import { MOST_ATTACHMENTS, MOST_BYTES, type Attachment } from '../../wire/attachment.ts'
import type { FaultData } from '../../wire/fault.ts'
import { newMessageId } from '../../wire/id.ts'
import type { Own } from '../live/own.ts'
import type { Reach } from '../live/reach.ts'
import type { Tray } from '../live/tray.ts'
import { isPicture, plainName, srcOf, type Brought, type Item } from '../state/brought.ts'
import { bytes as sizeOf } from '../state/wording.ts'
import { say, sayCount } from '../words/say.ts'
import { dropBytes, keepBytes, keptBytes } from './bytes-kept.ts'
import { fitPicture } from './fit-picture.ts'
import { upload } from './upload.ts'
import { faultText } from '../words/titles.ts'

/** Takes files in, and brings them to the server as soon as there is one, so that sending is quick. */
export type Keeper = {
  add: (tray: Tray, files: readonly File[], pasted?: boolean) => void
  again: (tray: Tray, item: Item) => void
  remove: (tray: Tray, item: Item) => void
  /** After a reload: goes on with what is not at the server yet, and looks whether old ones are still there. */
  resume: (tray: Tray) => void
  /** The file at the server, as soon as it is there. Rejects with Refusal if it never will be. */
  stored: (file: Brought, onLost: () => void) => Promise<Attachment>
  text: (file: Brought) => Promise<string>
}

/** The server sweeps after a day; from then on it is asked whether it still has a file. */
const OLD_MS = 23 * 3600 * 1000

export function openKeeper({ reach, own, aloud }: { reach: Reach; own: Own; aloud: (text: string) => void }): Keeper {
  const held = new Map<string, Blob>()
  const going = new Map<string, { done: Promise<Attachment>; stop: AbortController; lost: Set<() => void> }>()
  let tail: Promise<unknown> = Promise.resolve()

  const bring = (file: Brought, part: (n: number) => void, onLost: () => void): Promise<Attachment> => {
    const under = going.get(file.key)
    if (under !== undefined) {
      under.lost.add(onLost)
      return under.done
    }
    const stop = new AbortController()
    const lost = new Set([onLost])
    const one = async (): Promise<Attachment> => {
      const bytes = held.get(file.key) ?? (await keptBytes(file.key))
      if (bytes === null) throw new Refusal(lostFault(file.name), 404)
      const tell = () => lost.forEach((call) => call())
      const it = { name: file.name, type: file.type, bytes }
      return reach.surely(() => upload(it, part, stop.signal), tell)
    }
    // One after the other: a browser has few lines to a server, and the answers need some of them.
    const before = tail
    const done = before.then(one, one)
    tail = done.catch(() => {})
    going.set(file.key, { done, stop, lost })
    return done
  }

  const store = async (tray: Tray, item: Item): Promise<void> => {
    const { key } = item
    tray.change(key, { state: reach.server.get().state === 'lost' ? 'waiting' : 'storing', part: 0 })
    try {
      const part = (n: number) => tray.change(key, { part: n, state: 'storing' })
      const { id, name, type, bytes } = await bring(item, part, () => tray.change(key, { state: 'waiting' }))
      tray.change(key, {
        id,
        name: item.pasted === true ? item.name : name,
        type,
        bytes,
        state: 'stored',
        part: 1,
        at: Date.now(),
      })
      held.delete(key)
      await dropBytes(key)
    } catch (error) {
      going.delete(key)
      if (error instanceof DOMException && error.name === 'AbortError') return
      const gone = error instanceof Refusal && error.fault.code === 'attachment.missing'
      const why =
        error instanceof Refusal ? faultText(error.fault) : say('It could not be read. Folders can’t be attached.')
      tray.change(key, { state: gone ? 'gone' : 'failed', why, again: error instanceof Refusal && error.fault.retry })
      aloud(why)
    }
  }

  const take = async (tray: Tray, key: string, given: File): Promise<void> => {
    const file = await fitPicture(given)
    const item = tray.items.get().find((each) => each.key === key)
    if (item === undefined) return
    const name = plainName(file.name)
    const now: Item = { ...item, name, type: file.type, bytes: file.size }
    const preview = isPicture(file) ? { preview: URL.createObjectURL(file) } : {}
    tray.change(key, { name, type: file.type, bytes: file.size, ...preview })
    if (file.size > MOST_BYTES) {
      const why = say('It has {size}; {most} is the most.', { size: sizeOf(file.size), most: '10 MB' })
      return tray.change(key, { state: 'failed', why, again: false })
    }
    if (file.size === 0) return tray.change(key, { state: 'failed', why: say('It is empty.'), again: false })
    held.set(key, file)
    await keepBytes(key, file)
    await store(tray, now)
  }

  const look = async (tray: Tray, item: Item): Promise<void> => {
    if (item.id === null) return store(tray, item)
    if (item.at === undefined || Date.now() - item.at < OLD_MS) return
    const { id } = item
    const stop = new AbortController()
    const { status } = await reach.surely(async () => {
      try {
        return await fetch(srcOf(id), { signal: stop.signal })
      } catch (cause) {
        throw new Unreachable({ cause })
      }
    })
    stop.abort()
    if (status === 404) tray.change(item.key, { state: 'gone', why: lostFault(item.name).message })
  }

  return {
    add: (tray, files, pasted = false) => {
      const there = tray.items.get()
      const room = files.slice(0, Math.max(0, MOST_ATTACHMENTS - there.length))
      const items = room.map(({ name, type, size }): Item => ({
        key: newMessageId(),
        id: null,
        name: plainName(name),
        type,
        bytes: size,
        state: 'storing',
        part: 0,
        ...(pasted ? { pasted } : {}),
      }))
      tray.items.set([...there, ...items])
      for (const [i, item] of items.entries()) own(take(tray, item.key, room[i]!))
      const left = files.length - room.length
      const added = sayCount(room.length, '1 file attached', '{n} files attached')
      const over = say('{n} did not fit: {most} files are the most for one message.', {
        n: left,
        most: MOST_ATTACHMENTS,
      })
      tray.note.set(left > 0 ? over : '')
      aloud(left > 0 ? over : added)
    },
    again: (tray, item) => own(store(tray, item)),
    remove: (tray, item) => {
      tray.remove(item.key)
      going.get(item.key)?.stop.abort()
      going.delete(item.key)
      held.delete(item.key)
      if (item.preview !== undefined) URL.revokeObjectURL(item.preview)
      own(dropBytes(item.key))
    },
    resume: (tray) => {
      for (const item of tray.items.get()) if (!going.has(item.key) && item.state !== 'failed') own(look(tray, item))
    },
    stored: (file, onLost) => bring(file, () => {}, onLost),
    text: async (file) => {
      const blob = held.get(file.key) ?? (await keptBytes(file.key))
      if (blob !== null) return blob.text()
      return file.id === null ? '' : (await fetch(srcOf(file.id))).text()
    },
  }
}

const lostFault = (name: string): FaultData => ({
  code: 'attachment.missing',
  message: say('{name} is not kept any more.', { name }),
  fix: say('Attach it again. A file that no message brings is kept for a day.'),
  retry: false,
})
