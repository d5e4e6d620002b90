import type { EventOf } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { CatalogueModel, InstalledModel, Machine, Pull, PullId } from '../wire/shelf.ts'

/** A model file that the engine could serve. */
export type EngineModel = { name: string; bytes: number; practice: boolean }

/** The engine that PKN brings itself, or a llama-server that it starts. */
export interface LocalEngine {
  /** What it would serve if it were started, without starting it; the one to be used by default first. */
  offer(): Promise<readonly EngineModel[]>
  /** Resolves with the base URL (ending in /v1) once the process answers on its port; the model may still be loading then. */
  ensure(
    report: (phase: EventOf<'phase'>) => void,
    signal: AbortSignal,
  ): Promise<{ ok: true; url: string } | { ok: false; fault: FaultData }>
  /** Why its process ended last, if it did by itself: signal or exit code. Null while it runs, but for a moment after it was started again. */
  crashed(): string | null
  close(): Promise<void>
}

/** The model files of this machine, and how to get more. Faults: `model.missing`, `pull.invalid`, `pull.missing`, `shelf.kept`. */
export interface Shelf {
  catalogue(): Promise<{ models: CatalogueModel[]; machine: Machine }>
  installed(): Promise<InstalledModel[]>
  /** From the next answer on. */
  use(name: string): Promise<InstalledModel>
  remove(name: string): Promise<void>
  pulls(): Pull[]
  /** Resolves once the pull is noted on disk; it then goes on by itself, after a restart as well. */
  pull(what: string): Promise<Pull>
  cancel(id: PullId): Promise<Pull>
  /** Names it no more; what is under way is stopped first. */
  forget(id: PullId): Promise<void>
  /** What is under way stops, and goes on with the next start. */
  close(): Promise<void>
}
