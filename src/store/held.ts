import type { Claim, Clock, Say } from '../core/ports.ts'
import { AgentName, offset, OwnerId, RunId } from '../wire/id.ts'
import { Backend, Format, Planning, Priority, Temperature } from '../wire/message.ts'
import type { Ledger, PathRow, RunRow } from './changes.ts'
import { toMessage } from './rows.ts'

type Open = { epoch: number; stop: AbortController }

/** The claims that are open in this process. Keeps their leases, and tells their holders to stop. */
export class Held {
  readonly #open = new Map<string, Open>()
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #say: Say
  readonly #lease: number
  #cancelTimer: (() => void) | null = null
  /** When the leases as they were renewed last run out. */
  #until = Infinity

  constructor(deps: { ledger: Ledger; clock: Clock; say: Say; lease: number }) {
    this.#ledger = deps.ledger
    this.#clock = deps.clock
    this.#say = deps.say
    this.#lease = deps.lease
  }

  until(): number {
    return this.#clock.wall() + this.#lease
  }

  open(run: RunRow, message: PathRow): Claim {
    const stop = new AbortController()
    this.#open.get(run.id)?.stop.abort('lost')
    if (this.#open.size === 0) this.#until = this.until()
    this.#open.set(run.id, { epoch: run.epoch, stop })
    if (run.cancel === 1) stop.abort('cancelled')
    this.#schedule()
    const said = toMessage(message)
    return {
      run: RunId.parse(run.id),
      session: said.session,
      owner: OwnerId.parse(run.owner),
      message: said,
      continues: run.continues === 1 ? RunId.parse(run.base) : null,
      wish: {
        agent: AgentName.nullable().parse(run.agent),
        backend: Backend.parse(run.backend),
        model: run.model,
        priority: Priority.parse(run.priority),
        temperature: Temperature.nullable().parse(run.temperature),
        plan: Planning.parse(run.plan),
        format: run.format === null ? null : Format.parse(JSON.parse(run.format)),
      },
      epoch: run.epoch,
      head: offset(run.head),
      submitted: run.created,
      stop: stop.signal,
    }
  }

  cancel(run: string): void {
    this.#open.get(run)?.stop.abort('cancelled')
  }

  /** The claim is another's now, or its run is gone. */
  lose(run: string, epoch: number): void {
    const open = this.#open.get(run)
    if (this.close(run, epoch)) open?.stop.abort('lost')
  }

  /** The run is gone altogether: its holder is told to stop, and nothing is kept for it. */
  drop(run: string): void {
    const open = this.#open.get(run)
    if (open === undefined) return
    this.close(run, open.epoch)
    open.stop.abort('cancelled')
  }

  /** Whether it was open. */
  close(run: string, epoch: number): boolean {
    if (this.#open.get(run)?.epoch !== epoch) return false
    this.#open.delete(run)
    if (this.#open.size === 0) this.rest()
    return true
  }

  all(): { run: string; epoch: number }[] {
    return Array.from(this.#open, ([run, { epoch }]) => ({ run, epoch }))
  }

  /** Extends every lease, and learns what others did to its run. Never rejects: what fails now is tried again a third of a lease later. */
  async renew(): Promise<void> {
    const claims = this.all()
    if (claims.length === 0) return
    try {
      this.#until = this.until()
      const leases = await this.#ledger.write('renew', { until: this.#until, claims })
      for (const [i, { run, epoch }] of claims.entries()) {
        const lease = leases[i] ?? 'lost'
        switch (lease) {
          case 'held':
            break
          case 'cancelled':
            this.cancel(run)
            break
          case 'lost':
            this.lose(run, epoch)
            break
        }
      }
    } catch (cause) {
      this.#say({ level: 'error', text: `the leases of ${claims.length} runs could not be renewed`, cause })
    }
  }

  /** Renews if the clock says that it is overdue: a clock that was set, or a machine that slept, must not rob itself. */
  async keep(): Promise<void> {
    if (this.#clock.wall() >= this.#until - this.#lease / 3) await this.renew()
  }

  /** Ends the renewing, not the claims. */
  rest(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
  }

  #schedule(): void {
    this.#cancelTimer ??= this.#clock.after(this.#lease / 3, () => {
      this.#cancelTimer = null
      if (this.#open.size === 0) return
      this.#schedule()
      this.renew().catch((cause: unknown) => this.#say({ level: 'error', text: 'renewing failed', cause }))
    })
  }
}
