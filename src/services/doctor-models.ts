import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { bad, megabytes, ok, quoted, warn, type Finding, type Patient } from './finding.ts'
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
  if (!model.practice) return ok('models', `${model.name}, ${megabytes(model.bytes)}`)
  return warn('models', 'there is only the practice model, which knows nothing', './pkn models catalogue')
}

async function checkFile(path: string, name: string, now: number): Promise<Finding[]> {
  const about = await stat(path).catch(() => null)
  if (about === null || !about.isFile()) return []
  if (/\.part$/i.test(name))
    return now - about.mtimeMs < OLD_MS
      ? []
      : [
          warn(
            'models',
            `${name} is ${megabytes(about.size)} of a pull that nobody went on with; the same pull goes on from there`,
            `rm ${quoted(path)}`,
          ),
        ]
  if (!/\.gguf$/i.test(name)) return []
  const first = await firstBytes(path)
  if (first === 'GGUF') return []
  return [
    bad(
      'models',
      `${name} is no model, whatever its name says (it begins with ${JSON.stringify(first)})`,
      `rm ${quoted(path)}`,
    ),
  ]
}

async function firstBytes(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.toString('latin1', 0, bytesRead)
}
