import { opendir } from 'node:fs/promises'
import { holdFolder, PathRefused } from './confined.ts'

export type Found = { path: string; kind: 'file' | 'folder' | 'link' | 'other' }
export type Walk = { found: Found[]; /** Why it is not all. */ left: string | null }

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
  await go(await folderAt(folder, from), 1)
  return { found, left }
}

async function folderAt(folder: string, path: string): Promise<string> {
  const held = await holdFolder(folder, path)
  await held.close()
  return held.path
}

async function entriesOf(folder: string, path: string): Promise<{ name: string; kind: Found['kind'] }[]> {
  const held = await holdFolder(folder, path)
  try {
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
    await held.close()
  }
}

/** A pattern as of a shell, over whole paths: `*` and `?` within a name, `**` over folders, `{a,b}`, `[abc]`. */
export function globOf(pattern: string): RegExp {
  if (pattern.length > 500) throw new PathRefused('That pattern is too long.')
  let source = ''
  let braces = 0
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (pattern.startsWith('**/', i)) {
      source += '(?:[^/]+/)*'
      i += 2
    } else if (pattern.startsWith('**', i)) {
      source += '.*'
      i += 1
    } else if (c === '*') source += '[^/]*'
    else if (c === '?') source += '[^/]'
    else if (c === '{') {
      source += '(?:'
      braces++
    } else if (c === '}' && braces > 0) {
      source += ')'
      braces--
    } else if (c === ',' && braces > 0) source += '|'
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 2)
      if (end === -1) source += '\\['
      else {
        const inner = pattern
          .slice(i + 1, end)
          .replaceAll('\\', '\\\\')
          .replace(/^!/, '^')
        source += `[${inner}]`
        i = end
      }
    } else source += c.replace(/[.+^$()|\]\\}]/, '\\$&')
  }
  if (braces > 0) throw new PathRefused('A { in that pattern is not closed.')
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    throw new PathRefused('That is no pattern that can be read.')
  }
}
