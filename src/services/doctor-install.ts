import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bad, ok, warn, type Finding } from './finding.ts'
import { essence } from './units-place.ts'

/** The Node that runs this very command. */
export const checkNode = (version: string = process.versions.node): Finding =>
  Number(version.split('.')[0]) >= 24
    ? ok('node', `Node.js ${version}`)
    : bad('node', `Node.js ${version} runs this, but PKN is made for 24; it brings its own`, 'npm ci')

export function checkPackages(project: string): Finding {
  const lock = join(project, 'package-lock.json')
  if (!existsSync(lock)) return ok('packages', 'came with PKN itself')
  const mark = statSync(join(project, 'node_modules/.package-lock.json'), { throwIfNoEntry: false })
  if (mark === undefined) return bad('packages', 'they are not installed, or not to the end', 'npm ci')
  // A second, since files that are written together are not written at once.
  return statSync(lock).mtimeMs > mark.mtimeMs + 1000
    ? warn('packages', 'they are older than package-lock.json', 'npm ci')
    : ok('packages', 'installed')
}

export const checkPage = (project: string): Finding =>
  existsSync(join(project, 'dist/web/index.html'))
    ? ok('page', 'built')
    : bad('page', 'it is not built, so the browser gets nothing', 'npm run build', true)

const FILES = 1024

/** Each reader of a stream, and each file of the store, takes one. */
export function checkOpenFiles(limit: string = openFiles()): Finding {
  const enough = limit === 'unlimited' || Number(limit) >= FILES
  if (limit === '') return ok('open files', 'the limit cannot be read here')
  return enough
    ? ok('open files', limit === 'unlimited' ? 'no limit' : `up to ${limit}`)
    : warn(
        'open files',
        `only ${limit} may be open at once; with many readers the server would refuse some`,
        `ulimit -n ${FILES * 8}`,
      )
}

function openFiles(): string {
  try {
    return execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}

/** One that was made for another place, or another home, starts what isn't there, or what isn't meant. */
export function checkUnit(path: string, wanted: string): Finding {
  if (!existsSync(path)) return ok('unit', 'none; `./pkn service install` lets the system start PKN by itself')
  return essence(readFileSync(path, 'utf8')) === essence(wanted)
    ? ok('unit', path)
    : warn('unit', `${path} was made for another place or home`, './pkn service install', true)
}
