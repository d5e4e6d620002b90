import { useCallback, useLayoutEffect, useMemo, useReducer } from 'react'
import type { MessageId } from '../../wire/id.ts'
import { piecesOf, type Piece } from '../state/reel.ts'
import type { Turn } from '../state/talk.ts'
import { Reel } from './reel.ts'

type Deps = { held: () => boolean; more: () => void }
export type Drawing = {
  pieces: readonly Piece[]
  reel: Reel | null
}

let shown: Reel | null = null

/**
 * Draws the turn of a message that was read, however far away it is, and brings it to the top of the view; answers with its row, or null if
 * it is not among those that were read.
 */
export const showMessage = (id: MessageId): HTMLElement | null => shown?.show(id) ?? null

/** What of a conversation is to be drawn: see Reel. */
export function useReel(view: HTMLElement | null, turns: readonly Turn[], { held, more }: Deps): Drawing {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const reel = useMemo(() => (view === null ? null : new Reel({ view, draw, held, more })), [view, held, more])
  useLayoutEffect(() => {
    if (reel === null) return
    reel.open()
    shown = reel
    return () => {
      reel.close()
      if (shown === reel) shown = null
    }
  }, [reel])
  const drawn = reel?.take(turns) ?? null
  const pieces = useMemo(() => (drawn === null ? [] : piecesOf(turns, drawn.span, drawn.kept)), [turns, drawn])
  useLayoutEffect(() => {
    if (pieces.length > 0) reel?.drawn()
  }, [reel, pieces])
  return { pieces, reel }
}

/** Tells the reel which element stands for a turn. */
export function useRow(reel: Reel, id: string): (element: HTMLElement | null) => void {
  return useCallback((element) => reel.row(id, element), [reel, id])
}
