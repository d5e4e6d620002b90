import { useEffect, useState } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import type { ProjectId } from '../../wire/id.ts'
import type { Source } from '../../wire/mind.ts'
import { useApp, type App } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { own } from '../live/own.ts'
import { say } from '../words/say.ts'

/** While something is indexed it is looked at so often: how far it is, is told by nothing else. */
const LOOK_MS = 1000

/** The documents of a project, or (null) those that reach everywhere; kept fresh for as long as they are looked at. Null while unknown. */
export function useSources(project: ProjectId | null): readonly Source[] | null {
  const app = useApp()
  const [sources, setSources] = useState<readonly Source[] | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let left = false
    const look = async () => {
      clearTimeout(timer)
      const query = project === null ? {} : { project }
      const answer = await asked(app, () => app.client.call('sourcesList', { query }))
      if (left) return
      // A project that was removed has none.
      const now = answer.ok ? answer.value.sources : []
      setSources(now)
      const busy = now.some(isBusy)
      clearTimeout(timer)
      if (busy) timer = setTimeout(() => own(look()), LOOK_MS)
    }
    own(look())
    const off = app.projects.changed.on(() => own(look()))
    return () => {
      left = true
      clearTimeout(timer)
      off()
    }
  }, [app, project])
  return sources
}

const isBusy = ({ state, meaning, passages }: Source): boolean =>
  state === 'indexing' || (meaning !== null && meaning.done < passages)

export async function addSource(app: App, path: string, project: ProjectId | null): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('sourcesAdd', { body: { path, project } }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  return null
}

export async function indexAgain(app: App, { id }: Source): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('sourcesIndex', { params: { source: id }, body: {} }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  return null
}

/** Forgets the index, and offers to make it again. */
export async function removeSource(app: App, { id, path, project }: Source): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('sourcesRemove', { params: { source: id } }))
  if (!answer.ok) return answer.fault
  app.projects.changed.ring()
  app.removal.set({
    said: say('Removed {path} from what is searched', { path }),
    back: async () => {
      await addSource(app, path, project)
    },
  })
  return null
}
