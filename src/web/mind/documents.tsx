import type { ProjectId } from '../../wire/id.ts'
import { say } from '../words/say.ts'
import { PassageSearch } from './passage-search.tsx'
import { SourceAdd } from './source-add.tsx'
import { useSources } from './source-calls.ts'
import { SourceRow } from './source-row.tsx'

/** The documents of a project, or (null) of all chats: what is there, one more, and a look at what would be found. */
export function Documents({ project }: { project: ProjectId | null }) {
  const sources = useSources(project)
  return (
    <div className="space-y-5">
      {sources === null ? (
        <p className="text-[14.5px] text-soft" aria-busy="true">
          {say('Looking…')}
        </p>
      ) : (
        sources.length > 0 && (
          <ul
            aria-label={say('Documents')}
            className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-raise"
          >
            {sources.map((source) => (
              <SourceRow key={source.id} source={source} />
            ))}
          </ul>
        )
      )}
      <SourceAdd project={project} />
      {sources?.some(({ passages }) => passages > 0) === true && <PassageSearch project={project} />}
    </div>
  )
}
