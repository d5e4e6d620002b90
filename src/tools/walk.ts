import { opendir } from 'node:fs/promises'
import { holdFolder, type HeldFolder } from './confined.ts'

export type Found = { path: string; kind: 'file' | 'folder' | 'link' | 'other' }
export type Walk = {
  /** Where it began, with its links resolved. */ at: string
  found: Found[]
  /** Why it is not all. */ left: string | null
}

const MOST = 50_000
const DEEPEST = 40
/** What is made by tools and seldom meant. */
const SKIPPED = new Set(['.git', 'node_modules', '.hg', '.svn', '__pycache__', '.venv', 'venv', '.cache'])

/**
 * What is below a folder of the workspace, folders before what they hold, in the order of names. Links are named and not followed. What is
 * usually not meant is left out, unless the walk begins there.
 */
export async function walk(
  folder: string,
  from: string,
  options: { deepest?: number; most?: number; stop: AbortSignal },
): Promise<Walk> {
  const { deepest = DEEPEST, most = MOST, stop } = options
  const found: Found[] = []
  let left: string | null = null
  const go = async (path: string, depth: number): Promise<void> => {
    for (const entry of await entriesOf(folder, path)) {
      if (stop.aborted) return
      if (found.length >= most) {
        left = `Only the first ${most} are shown.`
        return
      }
      const at = path === '' ? entry.name : `${path}/${entry.name}`
      found.push({ path: at, kind: entry.kind })
      if (entry.kind !== 'folder' || depth >= deepest) continue
      if (SKIPPED.has(entry.name)) left ??= `What is in ${entry.name} and the like is left out; name it to look there.`
      else await go(at, depth + 1)
    }
  }
  const at = await folderAt(folder, from)
  await go(at, 1)
  return { at, found, left }
}

async function folderAt(folder: string, path: string): Promise<string> {
  const held = await holdFolder(folder, path)
  await held.close()
  return held.path
}

async function entriesOf(folder: string, path: string): Promise<{ name: string; kind: Found['kind'] }[]> {
  let held: HeldFolder | null = null
  try {
    held = await holdFolder(folder, path)
    const entries = []
    for await (const entry of await opendir(held.at)) {
      const kind = entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other'
      entries.push({ name: entry.name, kind } as const)
      if (entries.length > MOST) break
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    if (path === '') throw cause
    // One folder that can't be read hides nothing else.
    return []
  } finally {
    await held?.close()
  }
}
