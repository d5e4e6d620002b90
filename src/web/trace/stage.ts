import type { RunId } from '../../wire/id.ts'
import { cell, type Cell } from '../live/cell.ts'
import { ticked, watch } from '../live/clock.ts'
import { Reel, type Scene } from '../state/replay.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { traceRows, type TraceRow } from '../state/trace-rows.ts'
import { keepSame, treeOf, type Known, type Line } from '../state/trace-tree.ts'

export type ReadLog = (run: RunId, signal: AbortSignal) => Cell<RunView>

/**
 * One run on the screen: what its log says as a whole, what it said by the moment that is looked at, and the rows of both. The logs of the
 * runs that it began are read when they are opened. It works while somebody watches.
 */
export class Stage {
  readonly view: Cell<RunView>
  /** Milliseconds since the run began; null for its end, or now. */
  readonly moment: Cell<number | null>
  readonly whole: Cell<Scene>
  readonly shown: Cell<Scene>
  readonly lines: Cell<readonly Line[]>
  readonly #reel: Reel
  readonly #readLog: ReadLog
  readonly #chosen = new Map<string, boolean>()
  #rows: { of: Scene | null; rows: readonly TraceRow[] } = { of: null, rows: [] }
  readonly #inner = new Map<RunId, { stage: Stage; leave: () => void }>()

  constructor(view: Cell<RunView>, readLog: ReadLog, moment: Cell<number | null> = cell<number | null>(null)) {
    this.view = view
    this.moment = moment
    this.#readLog = readLog
    this.#reel = new Reel(view.get().log)
    this.whole = cell(this.#reel.scene(view.get().draft.at))
    this.shown = cell(this.whole.get())
    this.lines = cell<readonly Line[]>([])
    this.#look()
  }

  /** Follows the log and the moment until what it gives back is called. */
  attach = (): (() => void) => {
    const off = [this.view.on(this.#look), this.moment.on(this.#look)]
    this.#look()
    return () => {
      for (const call of off) call()
      for (const { leave } of this.#inner.values()) leave()
      this.#inner.clear()
    }
  }

  toggle = (line: Line, open: boolean): void => {
    this.#chosen.set(line.id, open)
    this.#draw()
  }

  /** How far the run is, by its log and, while it goes on, by the clock. */
  length = (): number => {
    const view = this.view.get()
    return isLive(view) ? Math.max(view.draft.t, ticked() - view.began) : view.draft.t
  }
  /** The moment that is shown, now if that is the end. */
  head = (): number => this.moment.get() ?? this.length()

  onTime = (call: () => void): (() => void) => {
    // While the log grows the clock tells soon enough.
    const ended = () => {
      if (!isLive(this.view.get())) call()
    }
    const off = [this.view.on(ended), this.moment.on(call), watch(call)]
    return () => {
      for (const each of off) each()
    }
  }

  #look = (): void => {
    const at = this.moment.get()
    const now = at === null ? null : this.#reel.sceneBy(at)
    const far = this.view.get().draft.at
    const whole = this.whole.get().draft.at === far ? this.whole.get() : this.#reel.scene(far)
    this.whole.set(whole)
    this.shown.set(now ?? whole)
    this.#draw()
  }

  #draw = (): void => {
    const before = new Map(this.lines.get().map((line) => [line.id, line]))
    const lines = keepSame(before, treeOf(this.#known(), this.#chosen))
    const old = this.lines.get()
    if (lines.length !== old.length || lines.some((line, i) => line !== old[i])) this.lines.set(lines)
  }

  #rowsOf(whole: Scene): readonly TraceRow[] {
    if (this.#rows.of === whole) return this.#rows.rows
    const rows = traceRows(whole.trace, whole.story.happenings)
    this.#rows = { of: whole, rows }
    return rows
  }

  #known(): Known[] {
    const [whole, shown] = [this.whole.get(), this.shown.get()]
    const rows = this.#rowsOf(whole)
    const begun = (this.moment.get() ?? 0) >= 0
    const then = shown === whole ? null : begun ? byId(traceRows(shown.trace, shown.story.happenings)) : NOTHING
    return rows.flatMap((row): Known[] => {
      const now = then === null ? row : (then.get(row.id) ?? null)
      if (row.run === null || this.#chosen.get(row.id) !== true) return [{ row, now }]
      return this.#within(row, now)
    })
  }

  /** A run that this one began, with its own rows, by this one's clock. */
  #within(row: TraceRow, now: TraceRow | null): Known[] {
    if (row.run === null) return []
    const { stage } = this.#inner.get(row.run) ?? this.#open(row.run, row.from)
    const { missing } = stage.view.get()
    const put = (inner: TraceRow): TraceRow => ({
      ...inner,
      id: `${row.id} ${inner.id}`,
      level: inner.level + row.level - 1,
      from: inner.from + row.from,
      to: inner.to === null ? null : inner.to + row.from,
    })
    const inside = stage
      .#known()
      .slice(1)
      .map((known) => ({ row: put(known.row), now: known.now === null ? null : put(known.now) }))
    if (missing === null) return [{ row, now }, ...inside]
    const gone: TraceRow = { ...row, id: `${row.id} gone`, kind: 'moment', level: row.level + 1, run: null }
    const told = { ...gone, name: missing.message, note: '', to: row.from }
    return [
      { row, now },
      { row: told, now: told },
    ]
  }

  #open(run: RunId, from: number): { stage: Stage; leave: () => void } {
    const leave = new AbortController()
    const at = () => {
      const here = this.moment.get()
      return here === null ? null : here - from
    }
    const moment = cell(at())
    const stage = new Stage(this.#readLog(run, leave.signal), this.#readLog, moment)
    const off = [
      this.moment.on(() => moment.set(at())),
      stage.attach(),
      stage.lines.on(this.#draw),
      stage.view.on(this.#draw),
    ]
    const inner = {
      stage,
      leave: () => {
        leave.abort()
        for (const call of off) call()
      },
    }
    this.#inner.set(run, inner)
    return inner
  }

  /** The run that a line tells of, this one or one that was opened under it. */
  owner(id: string): Stage {
    const [, n, rest] = /^child (\d+) (.+)$/.exec(id) ?? []
    const run = this.whole.get().trace.children[Number(n)]?.run
    const inner = run === undefined ? undefined : this.#inner.get(run)
    return inner === undefined || rest === undefined ? this : inner.stage.owner(rest)
  }
}

const NOTHING: ReadonlyMap<string, TraceRow> = new Map()
const byId = (rows: readonly TraceRow[]): Map<string, TraceRow> => new Map(rows.map((row) => [row.id, row]))
