import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { bad, ok, quoted, warn, type Finding, type Patient } from './finding.ts'
import { amount } from './in-words.ts'
import { findModelFile } from './model-file.ts'

const OLD_MS = 60 * 60_000

/** The model that the engine would load, files that only look like models, and what is left of pulls. */
export async function checkModels(
  { home, engine }: Pick<Patient, 'home' | 'engine'>,
  now = Date.now(),
): Promise<Finding[]> {
  const folder = join(home, 'models')
  const names = (await readdir(folder).catch(() => [])).toSorted((a, b) => a.localeCompare(b))
  const files = await Promise.all(names.map((name) => checkFile(join(folder, name), name, now)))
  return [
    ...files.flat(),
    ...(await leftovers(join(folder, '.pulls'), now)),
    ...(engine.enabled ? [await checkDefault(home, engine.model)] : [ok('models', 'the engine is switched off')]),
  ]
}

async function checkDefault(home: string, wanted: string | undefined): Promise<Finding> {
  const model = await findModelFile({ home, model: wanted })
  if (model === null)
    return wanted === undefined
      ? bad('models', `there is none in ${home}/models`, './pkn models catalogue')
      : bad(
          'models',
          `there is no model file ${wanted}, which engine.model or PKN_MODEL names`,
          './pkn config unset engine.model',
        )
  if (!model.practice) return ok('models', `${model.name}, ${amount(model.bytes)}`)
  return warn('models', 'there is only the practice model, which knows nothing', './pkn models catalogue')
}

async function checkFile(path: string, name: string, now: number): Promise<Finding[]> {
  const about = await stat(path).catch(() => null)
  if (about === null || !about.isFile()) return []
  if (/\.part$/i.test(name) && now - about.mtimeMs > OLD_MS) return [leftover(name, about.size, `rm ${quoted(path)}`)]
  if (!/\.gguf$/i.test(name)) return []
  const first = await firstBytes(path)
  if (first === 'GGUF') return []
  const begins = first === '' ? 'it is empty' : `it begins with ${JSON.stringify(first)}`
  return [bad('models', `${name} is no model, whatever its name says: ${begins}`, `rm ${quoted(path)}`)]
}

async function firstBytes(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.toString('latin1', 0, bytesRead)
}

const Record = z.object({ what: z.string(), name: z.string() })

/** What has arrived of pulls that nobody goes on with. */
async function leftovers(folder: string, now: number): Promise<Finding[]> {
  const names = await readdir(folder).catch(() => [])
  const records = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => Record.safeParse(parsed(await readFile(join(folder, name), 'utf8').catch(() => '')))),
  )
  const asked = new Map(records.flatMap(({ data }) => (data === undefined ? [] : [[data.name, data.what]])))
  const findings = names
    .filter((name) => name.endsWith('.d'))
    .map(async (name): Promise<Finding[]> => {
      const inside = join(folder, name)
      const files = await Promise.all((await readdir(inside)).map((file) => stat(join(inside, file))))
      const bytes = files.reduce((sum, { size }) => sum + size, 0)
      if (bytes === 0 || files.some(({ mtimeMs }) => now - mtimeMs < OLD_MS)) return []
      const model = name.replace(/(\.gguf)?\.d$/i, '')
      const what = asked.get(model)
      const mend = what === undefined ? `rm -r ${quoted(inside)}` : `./pkn models pull ${quoted(what)}`
      return [leftover(model, bytes, mend)]
    })
  return (await Promise.all(findings)).flat()
}

const leftover = (name: string, bytes: number, mend: string): Finding =>
  warn('models', `${amount(bytes)} of ${name} arrived, and nobody goes on with it`, mend)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
