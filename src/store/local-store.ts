import type {
  Again,
  Asks,
  Claim,
  Claimable,
  Clock,
  Crew,
  Kept,
  Mind,
  NewAsk,
  NewMessage,
  PageOf,
  RunLog,
  Say,
  SessionChange,
  Settled,
  Store,
  StoredAttachment,
} from '../core/ports.ts'
import { Attachment, newAttachmentId, type AttachmentId } from '../wire/attachment.ts'
import type { Entry } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import {
  newMessageId,
  newRunId,
  newSessionId,
  offset,
  type MessageId,
  type Offset,
  OwnerId,
  type ProjectId,
  type RunId,
  type SessionId,
  type WorkerId,
} from '../wire/id.ts'
import type { Message, Run, Session } from '../wire/message.ts'
import { archiveOf, toStored, type ImportedWhole } from './archive.ts'
import { batchOf } from './batch.ts'
import { Bell } from './bell.ts'
import type { ArgsOf, ChangeName, Ledger, Reads, ResultOf } from './changes.ts'
import { claimAll, WORK } from './claiming.ts'
import { fromCursor, pageFrom } from './cursor.ts'
import { follow, pageOf } from './follow.ts'
import { feed, feedOf } from './feed.ts'
import { Held } from './held.ts'
import { importWhole } from './importing.ts'
import { localActs, toAskRow, type ActDeps } from './local-acts.ts'
import { localMind, UNDO } from './local-mind.ts'
import { pathPage } from './path.ts'
import { Refusal } from './refusal.ts'
import { refused } from './refused.ts'
import { jsonOrNull, toMessage, toRun, toSession } from './rows.ts'
import { searchPage } from './search.ts'
import { Tails } from './tail.ts'
import { titleOf } from './title.ts'

/** How long a claim outlives a process that says nothing more. */
export const LEASE = 10_000
/** How many folders are told. */
const FOLDERS = 1000
/** RunLog and Store over any ledger: who waits, who holds what, and what is newest live here; the truth is the ledger's. */
export class LocalStore implements RunLog, Store {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #say: Say
  readonly #held: Held
  readonly #bell: Bell
  readonly #tails = new Tails()
  readonly #closing = new AbortController()
  readonly acts: Asks & Crew & Kept
  readonly mind: Mind
  readonly #taking = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor(deps: { ledger: Ledger; clock: Clock; say: Say }) {
    this.#ledger = deps.ledger
    this.#clock = whole(deps.clock)
    this.#say = deps.say
    this.#held = new Held({ ...deps, clock: this.#clock, lease: LEASE })
    this.#bell = new Bell(() => this.#ledger.watch(() => this.#changedElsewhere()))
    const parts: ActDeps = {
      clock: this.#clock,
      reads: () => this.#reads(),
      write: (kind, args) => this.#write(kind, args),
      work: () => this.#bell.ring(WORK),
      news: (owner) => this.#bell.ring(feedOf(OwnerId.parse(owner))),
    }
    this.acts = localActs(parts)
    this.mind = localMind(parts)
  }

  /** How many readers and claimers wait or read now. */
  get listeners(): number {
    return this.#bell.listeners
  }

  async append(claim: Claim, after: Offset, entries: readonly Entry[]): Promise<Offset> {
    if (entries.length === 0) return after
    const batch = batchOf(claim, after, entries, false)
    await this.#write('append', batch)
    this.#publish(claim.run, entries, batch.entries.length, false)
    return offset(batch.last)
  }

  read(run: RunId, after: Offset, signal: AbortSignal): AsyncIterable<readonly Entry[]> {
    const reads = this.#reads()
    return follow({ reads, tails: this.#tails, bell: this.#bell, closing: this.#closing.signal }, run, after, signal)
  }

  async page(run: RunId, after: Offset, limit: number): Promise<readonly Entry[]> {
    return pageOf(this.#reads(), run, after, limit)
  }

  async createSession(owner: OwnerId, title: string | null, project: ProjectId | null = null): Promise<Session> {
    const now = this.#clock.wall()
    const named = title === null ? 0 : 1
    const begun = { id: newSessionId(), owner, title: title ?? '', named, project, now }
    const row = await this.#write('createSession', begun)
    this.#bell.ring(feedOf(owner))
    return toSession(row)
  }

  async session(owner: OwnerId, id: SessionId): Promise<Session> {
    const row = this.#reads().session(owner, id)
    if (row === null) throw new Fault('session.missing', { session: id })
    return toSession(row)
  }

  async sessions(owner: OwnerId, page: Parameters<Store['sessions']>[1]): Promise<PageOf<Session>> {
    const which = { show: page.show ?? 'open', folder: page.folder ?? null, project: page.project ?? null }
    const rows = this.#reads().sessions(owner, which, fromCursor(page.before), page.limit + 1)
    return pageFrom(rows, page.limit, (row) => row.used, toSession)
  }

  async folders(owner: OwnerId): Promise<{ name: string; sessions: number }[]> {
    const folders = this.#reads().folders(owner, FOLDERS)
    return folders.map((row) => ({ ...row })).toSorted((a, b) => ORDER.compare(a.name, b.name))
  }

  async renameFolder(owner: OwnerId, from: string, to: string | null): Promise<number> {
    const count = await this.#write('renameFolder', { owner, from, to })
    this.#bell.ring(feedOf(owner))
    return count
  }

  async changeSession(owner: OwnerId, id: SessionId, change: SessionChange): Promise<Session> {
    const { title, pinned, folder, archived, project, tip } = change
    const changed = { title, folder, project, tip, pinned: flag(pinned), archived: flag(archived) }
    const row = await this.#write('changeSession', { owner, id, change: changed })
    this.#bell.ring(feedOf(owner))
    return toSession(row)
  }

  async removeSession(owner: OwnerId, id: SessionId): Promise<void> {
    const written = this.#write('removeSession', { owner, id, now: this.#clock.wall() })
    this.#bell.ring(WORK)
    for (const run of await written) this.#held.cancel(run)
    this.#bell.ring(feedOf(owner))
  }

  async restoreSession(owner: OwnerId, id: SessionId): Promise<Session> {
    const row = await this.#write('restoreSession', { owner, id, since: this.#clock.wall() - UNDO })
    this.#bell.ring(feedOf(owner))
    return toSession(row)
  }

  async purge(): Promise<number | null> {
    const since = this.#clock.wall() - UNDO
    const { runs, oldest } = await this.#write('purge', { since })
    this.#gone(runs)
    return oldest === null ? null : oldest - since + 1
  }

  async messages(owner: OwnerId, id: SessionId, page: Parameters<Store['messages']>[2]): Promise<PageOf<Message>> {
    return pathPage(this.#reads(), owner, id, page)
  }

  async submit(owner: OwnerId, message: NewMessage): Promise<{ message: Message; run: Run }> {
    const now = this.#clock.wall()
    const session = message.session ?? newSessionId()
    // Asked for in one turn, both are in one transaction.
    const empty = { id: session, owner, title: '', named: 0, project: null, now }
    const begun = message.session === null ? this.#write('createSession', empty) : null
    const written = this.#write('submit', {
      ...message,
      format: jsonOrNull(message.format),
      session,
      owner,
      run: newRunId(),
      title: titleOf(message.text),
      now,
    })
    // Before the answer: a claim that is asked for now is made in the same transaction, one disk flush sooner.
    this.#bell.ring(WORK)
    const [rows] = await Promise.all([written, begun])
    this.#bell.ring(feedOf(owner))
    return { message: toMessage(rows.message), run: toRun(rows.run) }
  }

  async search(owner: OwnerId, page: Parameters<Store['search']>[1]) {
    return searchPage(this.#reads(), owner, page)
  }

  async archive(owner: OwnerId, id: SessionId) {
    return archiveOf(this.#reads(), owner, id)
  }

  async importSession(owner: OwnerId, id: SessionId, ...whole: ImportedWhole): Promise<Session> {
    const now = this.#clock.wall()
    const row = await importWhole((kind, args) => this.#write(kind, args), { owner, id, now, whole })
    this.#bell.ring(feedOf(owner))
    return toSession(row)
  }

  async addAttachment(owner: OwnerId, file: Omit<StoredAttachment, 'id'>): Promise<Attachment> {
    const row = { ...file, id: newAttachmentId(), owner, created: this.#clock.wall() }
    return Attachment.parse(await this.#write('addAttachment', row))
  }

  async attachment(owner: OwnerId, id: AttachmentId): Promise<StoredAttachment> {
    const row = this.#reads().attachment(owner, id)
    if (row === null) throw new Fault('attachment.missing', { attachment: id })
    return toStored(row)
  }

  sweepAttachments(before: number): Promise<number> {
    return this.#write('sweepAttachments', { before })
  }

  isBlobUsed(hash: string): boolean {
    const reads = this.#reads()
    return reads.isBlobUsed(hash) || reads.isKept(hash)
  }

  async again(owner: OwnerId, base: RunId, { continues, ...more }: Again): Promise<Run> {
    const now = this.#clock.wall()
    const version = { ...more, owner, base, run: newRunId(), continues: continues ? 1 : 0, now }
    const written = this.#write('again', version)
    this.#bell.ring(WORK)
    const row = await written
    this.#bell.ring(feedOf(owner))
    return toRun(row)
  }

  feed(owner: OwnerId, after: number | null, signal: AbortSignal) {
    return feed({ reads: this.#reads(), bell: this.#bell, closing: this.#closing.signal }, owner, after, signal)
  }

  async withdraw(owner: OwnerId, session: SessionId, message: MessageId): Promise<void> {
    const written = this.#write('withdraw', { owner, session, message, now: this.#clock.wall() })
    // What comes after it may have waited for it.
    this.#bell.ring(WORK)
    this.#gone(await written)
    this.#bell.ring(feedOf(owner))
  }

  async run(owner: OwnerId, id: RunId): Promise<Run> {
    const row = this.#reads().run(owner, id)
    if (row === null) throw new Fault('run.missing', { run: id })
    return toRun(row)
  }

  async counts(): Promise<{ active: number; queued: number }> {
    return this.#reads().counts()
  }

  claims(worker: WorkerId, signal: AbortSignal, which: Claimable = 'all'): AsyncIterable<Claim> {
    const source = {
      ledger: this.#ledger,
      held: this.#held,
      bell: this.#bell,
      clock: this.#clock,
      say: this.#say,
      closing: this.#closing.signal,
      taking: this.#taking,
    }
    return claimAll(source, worker, signal, which)
  }

  async settle(claim: Claim, after: Offset, entries: readonly Entry[], settled: Settled): Promise<void> {
    const batch = batchOf(claim, after, entries, true)
    const written = this.#write('settle', {
      ...batch,
      ...settled,
      message: newMessageId(),
      fault: jsonOrNull(settled.fault),
      recalled: jsonOrNull(settled.recalled),
      did: jsonOrNull(settled.did),
      now: this.#clock.wall(),
    })
    this.#bell.ring(WORK)
    for (const below of await written) this.#held.cancel(below)
    this.#held.close(claim.run, claim.epoch)
    this.#publish(claim.run, entries, batch.entries.length, true)
    this.#bell.ring(feedOf(claim.owner))
  }

  async release(claim: Claim): Promise<void> {
    const written = this.#write('release', { run: claim.run, epoch: claim.epoch })
    this.#bell.ring(WORK)
    await written
    this.#held.close(claim.run, claim.epoch)
  }

  abandon(claim: Claim): void {
    this.#held.close(claim.run, claim.epoch)
  }

  async cancel(owner: OwnerId, run: RunId): Promise<Run> {
    const written = this.#write('cancel', { owner, run })
    this.#bell.ring(WORK)
    const { run: row, below } = await written
    if (row.state !== 'ended') this.#held.cancel(run)
    for (const one of below) this.#held.cancel(one)
    return toRun(row)
  }

  async park(claim: Claim, after: Offset, entries: readonly Entry[], ask: NewAsk | null): Promise<void> {
    const batch =
      entries.length > 0
        ? batchOf(claim, after, entries, false)
        : { run: claim.run, epoch: claim.epoch, after, last: after, entries: '' }
    const row = ask === null ? null : toAskRow(ask, this.#clock.wall())
    const written = this.#write('park', { ...batch, ask: row })
    // Before the answer: what was answered already, or cancelled meanwhile, is claimed in the same transaction.
    this.#bell.ring(WORK)
    await written
    this.#held.close(claim.run, claim.epoch)
    if (entries.length > 0) this.#publish(claim.run, entries, batch.entries.length, false)
    this.#bell.ring(feedOf(claim.owner))
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    this.#bell.ringAll()
    await Promise.allSettled(this.#taking)
    this.#held.rest()
    const open = this.#held.all()
    const releases = await Promise.allSettled(open.map((claim) => this.#write('release', claim)))
    for (const { run, epoch } of open) this.#held.lose(run, epoch)
    for (const r of releases)
      if (r.status === 'rejected') this.#say({ level: 'warn', text: 'a run could not be given back', cause: r.reason })
    await this.#ledger.close()
  }

  /** Appended, committed, and only now shown. */
  #publish(run: RunId, entries: readonly Entry[], chars: number, ended: boolean): void {
    this.#tails.push(run, entries, chars, ended)
    this.#bell.ring(run)
  }

  #gone(runs: readonly string[]): void {
    for (const run of runs) {
      this.#held.drop(run)
      this.#tails.forget(run)
      this.#bell.ring(run)
    }
  }

  #changedElsewhere(): void {
    // Another process may have gone on with a run that was ours.
    this.#tails.clear()
    this.#bell.ringAll()
    this.#held.renew().catch((cause: unknown) => this.#say({ level: 'error', text: 'renewing failed', cause }))
  }

  #reads(): Reads {
    if (this.#closing.signal.aborted) throw new Fault('server.stopping')
    return this.#ledger.reads
  }

  async #write<K extends ChangeName>(kind: K, args: ArgsOf<K>): Promise<ResultOf<K>> {
    if (this.#closing.signal.aborted && kind !== 'release') throw new Fault('server.stopping')
    try {
      return await this.#ledger.write(kind, args)
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause
      throw refused(cause, args, (run, epoch) => {
        this.#held.lose(run, epoch)
        this.#tails.forget(run)
      })
    }
  }
}

const ORDER = new Intl.Collator()
const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0)

/** Rows hold whole milliseconds. */
const whole = (clock: Clock): Clock => ({
  wall: () => Math.floor(clock.wall()),
  now: () => clock.now(),
  after: (ms, call) => clock.after(ms, call),
})
