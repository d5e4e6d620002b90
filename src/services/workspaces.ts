import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workspaces } from '../core/ports.ts'
import { writing } from './disk-fault.ts'
import { projectFolder, type Own } from './project-folder.ts'

/** A folder of its own for each session, below `folder`. */
export function openWorkspaces({ folder, own }: { folder: string; own: Own }): Workspaces {
  return {
    folderOf: (_, session) =>
      writing(folder, async () => {
        const own = join(folder, session)
        await mkdir(own, { recursive: true, mode: 0o700 })
        return realpath(own)
      }),
    projectFolder: (path) => projectFolder(path, own),
  }
}
