import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DEFAULT_FILE, partsOf } from '../model-folder.ts'
import { Fault } from '../wire/fault.ts'
import type { InstalledModel } from '../wire/shelf.ts'
import { asFault, writing } from './disk-fault.ts'
import { listModelFiles, modelFolder, type ModelFile } from './model-file.ts'
import { stagingOf } from './pull-files.ts'

let made = 0

/** `model`: the one that the configuration names. */
type Given = { home: string; model?: string | undefined }

/** The models that the engine can serve, the one that answers by default first. */
export async function listInstalled(given: Given): Promise<InstalledModel[]> {
  const files = await listModelFiles(given)
  return files.map((file) => shown(file, given.home))
}

const shown = ({ name, path, bytes, practice, isDefault }: ModelFile, home: string): InstalledModel => ({
  name,
  path,
  bytes,
  practice,
  chosen: isDefault,
  removable: dirname(path) === modelFolder(home),
})

/** Lets a model answer by default. What the configuration names stands above it, so then another one is refused. */
export async function useInstalled(given: Given, name: string): Promise<InstalledModel> {
  const model = await installedCalled(given, name)
  if (model.chosen) {
    if (given.model === undefined && !model.practice) await writeDefault(given.home, model.name)
    return model
  }
  if (given.model !== undefined) throw new Fault('shelf.fixed', { name: model.name, model: given.model })
  await writeDefault(given.home, model.name)
  return { ...model, chosen: true }
}

/** Deletes a model with all its parts and what is left of its pull. A link to a file that lies elsewhere goes; that file stays. */
export async function removeInstalled(given: Given, name: string): Promise<void> {
  const { path, name: full, removable } = await installedCalled(given, name)
  if (!removable) throw new Fault('shelf.kept', { name: full, path })
  const folder = modelFolder(given.home)
  const chosen = await defaultOf(given.home)
  // The first part goes first: without it the others are no model any more.
  for (const part of partsOf(basename(path))) await rm(join(folder, part), { force: true })
  await rm(stagingOf(folder, partsOf(basename(path))[0] ?? ''), { recursive: true, force: true })
  if (chosen === full) await rm(join(folder, DEFAULT_FILE), { force: true })
}

/** What answers now goes on answering after another model has come: only its user changes that. */
export async function keepDefault(given: Given): Promise<void> {
  if (given.model !== undefined || (await defaultOf(given.home)) !== null) return
  const now = (await listInstalled(given)).find(({ chosen }) => chosen)
  if (now !== undefined && !now.practice) await writeDefault(given.home, now.name)
}

async function installedCalled(given: Given, name: string): Promise<InstalledModel> {
  const stem = name.replace(/\.gguf$/i, '')
  const found = (await listInstalled(given)).find((model) => model.name === stem)
  if (found === undefined) throw new Fault('shelf.missing', { name })
  return found
}

async function defaultOf(home: string): Promise<string | null> {
  const text = await readFile(join(modelFolder(home), DEFAULT_FILE), 'utf8').catch(() => '')
  const name = text.trim().replace(/\.gguf$/i, '')
  if (name === '') return null
  // One that names what is not there any more names nothing.
  const there = await readdir(modelFolder(home)).catch(() => [])
  return there.some((file) => file === `${name}.gguf` || file.startsWith(`${name}-0`)) ? name : null
}

async function writeDefault(home: string, name: string): Promise<void> {
  const folder = modelFolder(home)
  await writing(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }))
  const path = join(folder, DEFAULT_FILE)
  // Of its own: two pulls that begin at the same time both note what has answered until now.
  const fresh = `${path}.${process.pid}.${(made += 1)}`
  try {
    {
      await using file = await open(fresh, 'w', 0o600)
      await file.writeFile(`${name}\n`)
      await file.sync()
    }
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => {})
    throw asFault(folder, cause)
  }
}
