import type { KnownModel } from './catalogue.ts'
import { modelName } from '../model-folder.ts'
import { decoded, fileNameOf, readSource, type Source } from './source.ts'

/** What is to be got, and from where: the sources are tried in turn. */
export type Plan = {
  what: string
  name: string
  sources: Source[]
  size?: number | undefined
  sha256?: string | undefined
}

/** What a person asked for. Throws `pull.invalid`. */
export function planOf(asked: string, catalogue: readonly KnownModel[], userHome: string): Plan {
  const what = asked.trim()
  const known = catalogue.find(({ id }) => id === what.toLowerCase())
  if (known === undefined) {
    const source = readSource(what, userHome)
    return { what, name: nameOf(source), sources: [source] }
  }
  const sources = known.sources.map((source) => knownSource(source, userHome))
  return {
    what: known.id,
    name: nameOf(sources[0]),
    sources,
    ...(known.exact ? { size: known.bytes } : {}),
    ...(known.sha256 === undefined ? {} : { sha256: known.sha256 }),
  }
}

function knownSource(text: string, userHome: string): Source {
  const [, name = '', file = ''] = /^pip:([^#]+)#(.+)$/.exec(text) ?? []
  return file === '' ? readSource(text, userHome) : { from: 'package', package: name, file }
}

function nameOf(source: Source | undefined): string {
  switch (source?.from) {
    case 'hub':
    case 'package':
      return stem(source.file)
    case 'hub-repo':
      return source.repo.split('/').at(-1) ?? source.repo
    case 'url':
      return stem(decoded(new URL(source.url).pathname))
    case 'ollama':
      return source.name
    case 'path':
      return stem(source.path)
    case undefined:
      return 'model'
  }
}

const stem = (path: string) => modelName(fileNameOf(path) ?? 'model.gguf')
