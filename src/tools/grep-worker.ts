import { parentPort, workerData } from 'node:worker_threads'
import { hold, openFile, PathRefused } from './confined.ts'
import { textOf } from './files.ts'
import { globOf } from './glob-pattern.ts'
import { walk } from './walk.ts'

/** What the thread is asked. It may take as long as the pattern makes it: whoever asks ends it. */
export type Wanted = {
  folder: string
  pattern: string
  ignoreCase: boolean
  path: string
  files: string | null
  most: number
}
export type Match = { path: string; line: number; text: string }
export type Matches =
  { ok: true; matches: Match[]; files: number; more: boolean; left: string | null } | { ok: false; output: string }

const MOST_FILE = 2 * 1024 * 1024
const MOST_TEXT = 300

async function search({ folder, pattern, ignoreCase, path, files, most }: Wanted): Promise<Matches> {
  let wanted: RegExp
  try {
    wanted = new RegExp(pattern, ignoreCase ? 'iu' : 'u')
  } catch (cause) {
    return { ok: false, output: `That is no regular expression: ${cause instanceof Error ? cause.message : ''}` }
  }
  const named = files === null ? null : globOf(files.includes('/') ? files : `**/${files}`)
  const matches: Match[] = []
  let looked = 0
  const { found, left } = await places(folder, path)
  for (const at of found) {
    if (named !== null && !named(at)) continue
    const text = await textAt(folder, at)
    if (text === null) continue
    looked++
    for (const [i, line] of text.split('\n').entries()) {
      if (!wanted.test(line)) continue
      if (matches.length >= most) return { ok: true, matches, files: looked, more: true, left }
      matches.push({ path: at, line: i + 1, text: line.trimEnd().slice(0, MOST_TEXT) })
    }
  }
  return { ok: true, matches, files: looked, more: false, left }
}

/** The files below a folder, or the one file that was named. */
async function places(folder: string, path: string): Promise<{ found: string[]; left: string | null }> {
  const one = await textAt(folder, path)
  if (one !== null) return { found: [path], left: null }
  const { found, left } = await walk(folder, path, { stop: new AbortController().signal })
  return { found: found.flatMap((entry) => (entry.kind === 'file' ? [entry.path] : [])), left }
}

async function textAt(folder: string, path: string): Promise<string | null> {
  const { held, name } = await hold(folder, path)
  try {
    if (name === '') return null
    const file = await openFile({ held, name }, path)
    try {
      if ((await file.stat()).size > MOST_FILE) return null
      return textOf(await file.readFile())
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof PathRefused) return null
    throw cause
  } finally {
    await held.close()
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const answer = (matches: Matches): void => parentPort?.postMessage(matches)
search(workerData as Wanted).then(answer, (cause: unknown) => {
  if (cause instanceof PathRefused) answer({ ok: false, output: cause.message })
  else throw cause
})
