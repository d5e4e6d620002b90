import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { CatalogueModel, InstalledModel, Machine, Pull, PullId } from '../../wire/shelf.ts'
import type { ServiceToStart } from '../../wire/shelf-routes.ts'
import { isUnderWay, pullsToShow, spokenPull } from '../state/pull-words.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

/** The model files of this machine, those on their way, and those that could be had. */
export type ShelfState = {
  catalogue: readonly CatalogueModel[]
  hardware: Machine | null
  installed: readonly InstalledModel[]
  pulls: readonly Pull[]
  read: boolean
  /** The server can't tell. */
  fault: FaultData | null
}
export type Shelf = {
  state: Cell<ShelfState>
  /** Keeps the state fresh until the result is called. */
  watch: () => () => void
  /** Each resolves with why it was refused, or with null. */
  get: (what: string) => Promise<FaultData | null>
  cancel: (pull: PullId) => Promise<FaultData | null>
  forget: (pull: PullId) => Promise<FaultData | null>
  use: (name: string) => Promise<FaultData | null>
  remove: (name: string) => Promise<FaultData | null>
  /** Starts a server of models on this machine, and waits until it answers. */
  start: (service: ServiceToStart) => Promise<FaultData | null>
  /** Looks at every server now. */
  look: () => Promise<FaultData | null>
}

const BUSY_MS = 1000
const CALM_MS = 5000

export function openShelf(deps: {
  client: Client
  reach: Reach
  own: Own
  aloud: Cell<string>
  /** What can answer may be another now: the servers are looked at as well. */
  changed: () => void
}): Shelf {
  const { client, reach, own, aloud, changed } = deps
  const state = cell<ShelfState>({
    catalogue: [],
    hardware: null,
    installed: [],
    pulls: [],
    read: false,
    fault: null,
  })
  const put = (news: Partial<ShelfState>) => {
    const next = { ...state.get(), ...news }
    if (JSON.stringify(next) !== JSON.stringify(state.get())) state.set(next)
  }
  const readAll = async (): Promise<void> => {
    const [catalogue, installed, pulls] = await reach.surely(() =>
      Promise.all([client.call('catalogue', {}), client.call('installedList', {}), client.call('pullsList', {})]),
    )
    put({
      catalogue: catalogue.models,
      hardware: catalogue.machine,
      installed: installed.models,
      pulls: pullsToShow(pulls.pulls),
      read: true,
      fault: null,
    })
  }
  const readPulls = async (): Promise<void> => {
    const before = new Map(state.get().pulls.map((pull) => [pull.id, pull]))
    const { pulls } = await reach.surely(() => client.call('pullsList', {}))
    put({ pulls: pullsToShow(pulls) })
    for (const pull of pulls) {
      const said = spokenPull(before.get(pull.id), pull)
      if (said !== null) aloud.set(said)
    }
    if (pulls.some((pull) => pull.state === 'done' && before.get(pull.id)?.state !== 'done')) {
      await readAll()
    }
  }
  let watchers = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  // Progress is asked for: a page that is looked at once a second needs no stream of its own.
  const look = async (all: boolean): Promise<void> => {
    clearTimeout(timer)
    try {
      if (document.visibilityState === 'visible') await (all ? readAll() : readPulls())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      put({ read: true, fault: error.fault })
    }
    if (watchers === 0) return
    changed()
    const busy = state.get().pulls.some(isUnderWay)
    clearTimeout(timer)
    timer = setTimeout(() => own(look(!busy)), busy ? BUSY_MS : CALM_MS)
  }
  const seen = () => {
    if (document.visibilityState === 'visible') own(look(true))
  }
  const refusable = async (call: () => Promise<unknown>): Promise<FaultData | null> => {
    try {
      await reach.surely(call)
      await look(true)
      changed()
      return null
    } catch (error) {
      if (error instanceof Refusal) return error.fault
      throw error
    }
  }
  return {
    state,
    watch: () => {
      watchers++
      if (watchers === 1) {
        document.addEventListener('visibilitychange', seen)
        own(look(true))
      }
      return () => {
        watchers--
        if (watchers > 0) return
        document.removeEventListener('visibilitychange', seen)
        clearTimeout(timer)
      }
    },
    get: (what) => refusable(() => client.call('pullsBegin', { body: { what } })),
    cancel: (pull) => refusable(() => client.call('pullsCancel', { params: { pull }, body: {} })),
    forget: (pull) => refusable(() => client.call('pullsForget', { params: { pull } })),
    use: (name) => refusable(() => client.call('installedUse', { params: { name }, body: {} })),
    remove: (name) => refusable(() => client.call('installedRemove', { params: { name } })),
    start: (service) => refusable(() => client.call('servicesStart', { params: { service }, body: {} })),
    look: () => refusable(() => client.call('modelsLook', { body: {} })),
  }
}
