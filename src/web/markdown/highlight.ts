import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import markdown from 'highlight.js/lib/languages/markdown'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'

/** Text, or text with a meaning that has a colour. */
export type Tint = string | { scope: string; inside: Tint[] }

const languages = {
  bash,
  c,
  cpp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  markdown,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
}
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)

type Scope = { scope: string; inside: Tint[] }

/** Gathers the tree itself, so that a model's text never becomes HTML on its way to the page. */
class TintEmitter {
  readonly root: Scope = { scope: '', inside: [] }
  #open: Scope[] = [this.root]
  addText(text: string): void {
    if (text !== '') this.#open.at(-1)!.inside.push(text)
  }
  openNode(name: string): void {
    const scope = { scope: name, inside: [] }
    this.#open.at(-1)!.inside.push(scope)
    this.#open.push(scope)
  }
  closeNode(): void {
    if (this.#open.length > 1) this.#open.pop()
  }
  startScope(name: string): void {
    this.openNode(name)
  }
  endScope(): void {
    this.closeNode()
  }
  __addSublanguage(emitter: TintEmitter): void {
    this.#open.at(-1)!.inside.push(...emitter.root.inside)
  }
  finalize(): void {}
  toHTML(): string {
    return ''
  }
}
// The declared type of an emitter misses that the library calls nothing but these methods.
hljs.configure({ __emitter: TintEmitter })

/** Null for a language that is not known. */
export function tintsOf(code: string, language: string): Tint[] | null {
  if (hljs.getLanguage(language) === undefined) return null
  const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true })
  return (_emitter as TintEmitter).root.inside
}
