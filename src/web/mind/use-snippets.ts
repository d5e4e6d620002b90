import type { Snippet } from '../../wire/mind.ts'
import { useEffect } from 'react'
import { useApp, type App } from '../live/app.ts'
import { cell, useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'

/** Null while they are not known yet. */
const known = cell<readonly Snippet[] | null>(null)

async function read({ client, reach }: App): Promise<void> {
  const { snippets } = await reach.surely(() => client.call('snippetsList', {}))
  known.set(snippets)
}

/** The texts that are written often, by name; read again when they were changed, and when they are wanted. */
export function useSnippets(): readonly Snippet[] | null {
  const app = useApp()
  useEffect(() => {
    own(read(app))
    return app.projects.changed.on(() => own(read(app)))
  }, [app])
  return useCell(known)
}
