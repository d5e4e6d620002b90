import { isEmpty, findRecalled } from './recall-find.ts'
import { queryOf } from './recall-query.ts'
import type { Message } from '../wire/message.ts'
import type { Project } from '../wire/mind.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import { meanwhile } from './meanwhile.ts'
import type { Documents } from './mind-ports.ts'
import type { Claim } from './ports.ts'
import type { Tasks } from './tasks.ts'

/** When it is told that something is looked for, and how long documents are waited for. */
const [TOLD_MS, MOST_MS] = [300, 1500]

/**
 * What is remembered and stands in documents that fits the question, in the log as one event before the first step; no event where nothing
 * fits. What can't be looked up, or not in time, is gone on without, and that is logged.
 */
export async function lookUp(
  {
    claim,
    journal,
    asked,
    said,
    project,
    stop,
    tasks,
  }: {
    claim: Claim
    journal: Journal
    /** The question, as the agent is told it. */
    asked: string
    said: readonly Message[]
    project: Project | null
    stop: AbortSignal
    tasks: Tasks
  },
  deps: Deps,
): Promise<void> {
  const { clock, store, documents } = deps
  const { owner, run, session } = claim
  const began = clock.now()
  const say = (text: string, cause?: unknown) => deps.say({ level: 'warn', text, run, session, cause })
  const query = queryOf(asked, said)
  const seek = { owner, project: project?.id ?? null, query, before: journal.draft.recalls }
  const timely = inTime(
    documents,
    () => say(`Documents were not searched within ${MOST_MS} ms; the run goes on without`),
    {
      clock,
      tasks,
    },
  )
  const starting = () => {
    if (!stop.aborted) journal.write({ type: 'phase', phase: 'starting' })
  }
  const cancel = clock.after(TOLD_MS, starting)
  const recalled = await meanwhile(
    () =>
      findRecalled(seek, { memories: store.mind, documents: timely, meaning: deps.meaning }, stop, (what, cause) =>
        say(`What fits could not be looked up in the ${what}; the run goes on without`, cause),
      ),
    (phase) => {
      if (!stop.aborted) journal.write(phase)
    },
    clock,
  ).finally(cancel)
  if (stop.aborted || isEmpty(recalled)) return
  journal.write({ type: 'recall', ...recalled })
  const { memories, passages } = recalled
  deps.say({
    level: 'info',
    text: `Looked up: ${memories.length} memories, ${passages.length} passages, in ${Math.round(clock.now() - began)} ms`,
    run,
    session,
  })
  // No answer waits for a count.
  if (memories.length > 0)
    tasks.run('counting what was told', () =>
      store.mind.memoriesTold(
        owner,
        run,
        memories.map(({ memory }) => memory),
      ),
    )
}

/** Whether there are documents in which the run can look something up. */
export async function hasDocuments(
  { owner, run, session }: Claim,
  project: Project | null,
  { documents, say }: Pick<Deps, 'documents' | 'say'>,
): Promise<boolean> {
  try {
    const sources = await documents.sources(owner, 'all')
    return sources.some((source) => source.project === null || source.project === project?.id)
  } catch (cause) {
    say({ level: 'warn', text: 'It could not be told whether there are documents', run, session, cause })
    return false
  }
}

/** The same documents, of which nothing is found after a while. What does not let go by then is the tasks'. */
function inTime(
  documents: Pick<Documents, 'find'>,
  late: () => void,
  { clock, tasks }: { clock: Deps['clock']; tasks: Tasks },
): Pick<Documents, 'find'> {
  return {
    find: async (owner, project, text, most, stop) => {
      const over = new AbortController()
      const { promise: gone, resolve } = Promise.withResolvers<null>()
      const end = (why: 'late' | 'stopped') => {
        over.abort(why)
        resolve(null)
      }
      const onStop = () => end('stopped')
      if (stop.aborted) onStop()
      stop.addEventListener('abort', onStop)
      const cancel = clock.after(MOST_MS, () => {
        late()
        end('late')
      })
      const work = documents.find(owner, project, text, most, over.signal)
      try {
        const found = await Promise.race([work, gone])
        if (found !== null) return found
        tasks.run('a search that is not waited for', () =>
          work.then(
            () => {},
            // It was told to end.
            () => {},
          ),
        )
        return []
      } finally {
        cancel()
        stop.removeEventListener('abort', onStop)
      }
    },
  }
}
