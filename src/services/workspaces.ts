import { chmod, mkdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Projects, Workspaces } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { writing } from './disk-fault.ts'
import { isWithin, projectFolder, type Own } from './project-folder.ts'

type Parts = {
  /** In it each session has a folder of its own. */
  folder: string
  own: Own
  places: Pick<Projects, 'workplace' | 'beginIn'>
}

export function openWorkspaces({ folder, own, places }: Parts): Workspaces {
  const made = (path: string) =>
    writing(folder, async () => {
      await mkdir(path, { recursive: true, mode: 0o700 })
      // A command may have taken them away, for all that comes after it too.
      if (((await stat(path)).mode & 0o700) !== 0o700) await chmod(path, 0o700)
      return realpath(path)
    })
  /** The same folder still, and one that may still be used. */
  const still = async (known: string): Promise<string> => {
    const isOwn = isWithin(known, await realpath(folder).catch(() => folder))
    const now = isOwn ? await made(known) : await projectFolder(known, own)
    if (now === known) return known
    throw new Fault('project.folder', { folder: known, why: `it leads to another place by now, ${now}.` })
  }
  return {
    async folderOf(owner, run) {
      const { began, session, project } = await places.workplace(owner, run)
      if (began !== null) return still(began)
      const begins = project?.folder ? await still(project.folder) : await made(join(folder, session))
      await places.beginIn(owner, run, begins)
      return begins
    },
    projectFolder: (path) => projectFolder(path, own),
  }
}
