import { isAbsolute, join } from 'node:path'
import { Fault } from '../wire/fault.ts'

/** Where a model can come from. */
export type Source =
  | { from: 'hub'; repo: string; file: string }
  /** The hub is asked which files there are; one of the quantisation named is taken, or a sensible one. */
  | { from: 'hub-repo'; repo: string; quantisation: string | null }
  | { from: 'url'; url: string }
  | { from: 'package'; package: string; file: string }
  | { from: 'ollama'; name: string }
  | { from: 'path'; path: string }

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/
const OLLAMA = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:(?:[:]\d+)?\/[A-Za-z0-9._-]+){0,3}(?::[A-Za-z0-9][A-Za-z0-9._-]*)?$/

/** What a person typed, if it is none of the catalogue's names. Throws `pull.invalid`. */
export function readSource(what: string, home: string): Source {
  const no = (why: string): never => {
    // A password that was typed into an address is not shown again.
    throw new Fault('pull.invalid', { what: what.slice(0, 200).replace(/\/\/[^/@]*@/, '//'), why })
  }
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(what)) no('it holds characters that cannot be seen')
  if (/^hf:/i.test(what)) return hub(what.slice(3), no)
  if (/^ollama:/i.test(what)) {
    const name = what.slice(7)
    return OLLAMA.test(name) && !name.includes('..')
      ? { from: 'ollama', name }
      : no('this is no name of an Ollama model')
  }
  if (/^https?:\/\//i.test(what)) return address(what, no)
  if (/^~?\//.test(what) || /^[a-z]:\\/i.test(what)) {
    const path = what.startsWith('~/') ? join(home, what.slice(2)) : what
    return isAbsolute(path) ? { from: 'path', path } : no('the path must begin at the root')
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(what)) no('only http and https addresses can be fetched')
  if (/^\.{0,2}[/\\]/.test(what)) no('a path must begin at the root, since the server runs in another folder')
  if (/^[\w.-]+\/[\w.-]+/.test(what)) no(`if it is a repository of Hugging Face, write hf:${what}`)
  return no('the catalogue has no such name')
}

function hub(rest: string, no: (why: string) => never): Source {
  const [path = '', quantisation] = rest.split(':', 2)
  const parts = path.split('/')
  if (parts.length < 2 || !parts.every((part) => SEGMENT.test(part) && !part.includes('..')))
    no('a repository is written as hf:owner/name, a file of it as hf:owner/name/file.gguf')
  const repo = parts.slice(0, 2).join('/')
  const file = parts.slice(2).join('/')
  if (file === '') {
    if (quantisation !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,30}$/.test(quantisation))
      no('after the colon stands a quantisation, such as Q4_K_M')
    return { from: 'hub-repo', repo, quantisation: quantisation ?? null }
  }
  if (!/\.gguf$/i.test(file)) no('only .gguf files can be served')
  return { from: 'hub', repo, file }
}

function address(what: string, no: (why: string) => never): Source {
  if (!URL.canParse(what)) return no('this is no address')
  const url = new URL(what)
  if (url.username !== '' || url.password !== '') no('an address must not hold a name or password')
  url.hash = ''
  // What a browser shows of a file of the hub is a page; the file itself is beside it.
  const page = /^\/([^/]+\/[^/]+)\/(?:blob|resolve)\/main\/(.+)$/.exec(url.pathname)
  if (page && /(?:^|\.)(?:huggingface\.co|hf\.co)$/.test(url.hostname))
    return hub(`${page[1]}/${decoded(page[2] ?? '')}`, no)
  return { from: 'url', url: url.href }
}

/** The text itself if it can't be decoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A name that came from outside, as the name of a model file in PKN's own folder; it never becomes a path. Null if nothing is left of it. */
export function fileNameOf(outside: string): string | null {
  const last = outside.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(/[^A-Za-z0-9._+-]+/g, '-')
    .replace(/^[.-]+/, '')
    .replace(/\.gguf$/i, '')
  const stem = plain.slice(0, 150).replace(/[.-]+$/, '')
  return stem === '' ? null : `${stem}.gguf`
}

/** Where it comes from, for people. */
export function sourceText(source: Source): string {
  switch (source.from) {
    case 'hub':
    case 'hub-repo':
      return `Hugging Face, ${source.repo}`
    case 'url':
      return new URL(source.url).host
    case 'package':
      return `the Python package index, ${source.package}`
    case 'ollama':
      return `Ollama, ${source.name}`
    case 'path':
      return source.path
  }
}
