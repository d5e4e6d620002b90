import { forgetAttached } from './memory-archive.ts'
import type { Disk, StoredRun } from './memory-disk.ts'
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
      const all = [...disk.runs.values()].filter((run) => run.session === sessionId)
      const runs = all.filter((run) => run.message === message)
      const gone = new Set(runs.map(({ id }) => id))
      const below = [...disk.messages.values()].filter(({ after }) => after !== null && gone.has(after))
      const ofBelow = all.filter((run) => below.some(({ id }) => id === run.message))
      if (runs.some(begun) || ofBelow.some((run) => run.state === 'running' || begun(run)))
        throw new Refusal('message.begun', message)

      for (const one of below) one.after = said.after
      for (const run of runs) {
        disk.runs.delete(run.id)
        disk.open.delete(run)
      }
      const brought = (disk.attached.get(message) ?? []).map((id) => disk.attachments.get(id)!)
      for (const { id, run } of disk.messages.values()) if (gone.has(run)) disk.messages.delete(id)
      forgetAttached(disk, [message])
      for (const file of brought) disk.attachments.set(file.id, { ...file, created: now })
      if (session.tip !== null && gone.has(session.tip)) {
        const newest = all.findLast(({ id }) => !gone.has(id))?.id ?? null
        session.tip = said.after === null ? newest : newestBelow(disk, sessionId, said.after)
      }
      const first = [...disk.messages.values()].find((one) => one.session === sessionId)
      if (session.named === 0 && session.title === titleOf(said.text)) session.title = titleOf(first?.text ?? '')
      session.changed = ++disk.news
      return [...gone]
    },
  }
}

const begun = ({ chunks }: StoredRun): boolean => chunks.some(({ entries }) => entries.includes(STEP))
