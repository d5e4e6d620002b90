import type { OwnerId, ProjectId } from '../wire/id.ts'
import type { KeptSource } from './sources-file.ts'

/** As long as a project that was removed can be restored, and a little more. */
const KEPT_MS = 3_600_000 + 60_000

export type HasProject = (owner: OwnerId, project: ProjectId) => Promise<boolean>

/** The sources without those whose project is gone for good. Those whose project is not there are noted, and go an hour later. */
export async function withoutOrphans(
  sources: readonly KeptSource[],
  hasProject: HasProject,
  now: number,
): Promise<readonly KeptSource[]> {
  const kept: KeptSource[] = []
  for (const source of sources) {
    const { orphan, ...found } = source
    if (source.project === null || (await hasProject(source.owner, source.project)))
      kept.push(orphan === undefined ? source : found)
    else if (orphan === undefined) kept.push({ ...source, orphan: now })
    else if (now - orphan < KEPT_MS) kept.push(source)
  }
  return kept.length === sources.length && kept.every((source, i) => source === sources[i]) ? sources : kept
}
