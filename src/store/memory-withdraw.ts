import { forgetAttached } from './memory-archive.ts'
import { placeOf, type Disk, type StoredRun } from './memory-disk.ts'
import { newestBelow } from './memory-path.ts'
import { Refusal } from './refusal.ts'
import { titleOf } from './title.ts'
import { STEP, type WithdrawChanges } from './withdraw.ts'

export function memoryWithdrawChanges(disk: Disk): WithdrawChanges {
  return {
    withdraw({ owner, session: sessionId, message, now }) {
      const session = disk.sessions.get(sessionId)
      if (session?.owner !== owner || session.removed !== null) throw new Refusal('session.missing', sessionId)
      const said = disk.messages.get(message)
      if (said?.owner !== owner || said.session !== sessionId || said.role !== 'user')
        throw new Refusal('message.missing', message)
      const runs = disk.runs.in('message', message)
      const gone = new Set(runs.map(({ id }) => id))
      const below = runs.flatMap(({ id }) => disk.messages.in('after', placeOf(sessionId, id)))
      const ofBelow = below.flatMap(({ id }) => disk.runs.in('message', id))
      if (runs.some(begun) || ofBelow.some((run) => run.state === 'running' || begun(run)))
        throw new Refusal('message.begun', message)

      for (const one of below) disk.messages.move(one, { after: said.after })
      for (const run of runs) {
        disk.runs.delete(run.id)
        disk.open.delete(run)
      }
      disk.forget(gone)
      const brought = (disk.attached.get(message) ?? []).map((id) => disk.attachments.get(id)!)
      const answers = runs.flatMap(({ id }) => disk.messages.in('answer', id))
      for (const { id } of [said, ...answers]) disk.messages.delete(id)
      forgetAttached(disk, [message])
      for (const file of brought) disk.attachments.set(file.id, { ...file, created: now })
      if (session.tip !== null && gone.has(session.tip)) {
        const newest = disk.runs.in('session', sessionId).at(-1)?.id ?? null
        session.tip = said.after === null ? newest : newestBelow(disk, sessionId, said.after)
      }
      const first = disk.messages.in('session', sessionId)[0]
      if (session.named === 0 && session.title === titleOf(said.text)) session.title = titleOf(first?.text ?? '')
      session.changed = ++disk.news
      return [...gone]
    },
  }
}

const begun = ({ chunks }: StoredRun): boolean => chunks.some(({ entries }) => entries.includes(STEP))
