import { Document, isScalar, isSeq, parseDocument, Scalar, type YAMLSeq } from 'yaml'
import type { AgentText } from '../wire/agent.ts'
import { parseAgentFile, partsOf } from './agent-file.ts'

const WIDTH = 100

/**
 * The file of an agent. Of the file `before`, everything stays that is not changed: comments, the order of the settings, how they are written.
 * `names` are the agents that there are: a delegate that is not among them is left as it stands.
 */
export function agentFile(name: string, text: AgentText, before: string | null, names: ReadonlySet<string>): string {
  const parts = before === null ? null : partsOf(before)
  const was = before === null || parts === null ? null : parseAgentFile('', before, 'user')
  const old = was?.ok === true ? was.agent : null
  const document = parts === null || old === null ? new Document({}) : parseDocument(parts.yaml)
  if (old?.name !== name) document.set('name', name)
  if (old?.title !== text.title) document.set('title', text.title)
  if (old?.about !== text.about) setAbout(document, text.about)
  setList(document, 'models', text.models, old?.models)
  setList(document, 'tools', text.tools, old?.tools)
  const reachable = old?.mayDelegateTo.filter((other) => names.has(other))
  setList(document, 'delegates', text.mayDelegateTo, reachable)
  if (!same(text.examples, old?.sampleMessages ?? [])) setExamples(document, text.examples)

  const yaml = document.toString({ lineWidth: WIDTH, flowCollectionPadding: false })
  const below = old !== null && old.instructions === text.instructions ? parts?.below : null
  const written = `${parts?.head ?? '---\n'}${yaml}---\n${below ?? `\n${text.instructions}\n`}`
  return before?.includes('\r\n') === true ? written.replaceAll(/\r?\n/g, '\r\n') : written
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((entry, i) => entry === b[i])

function setAbout(document: Document, about: string): void {
  document.set('about', about)
  const node = document.get('about', true)
  if (isScalar(node) && about.length > WIDTH - 10) node.type = Scalar.BLOCK_FOLDED
}

function setList(document: Document, key: string, values: readonly string[], old: readonly string[] = []): void {
  if (same(values, old)) return
  const node = document.get(key, true)
  if (isSeq(node)) refill(document, node, values)
  else document.set(key, document.createNode(values, { flow: true }))
}

function setExamples(document: Document, messages: readonly string[]): void {
  const node = document.get('examples', true)
  if (isSeq(node)) return refill(document, node, messages)
  const block = isScalar(node) ? node : new Scalar('')
  block.value = messages.map((message) => `${message}\n`).join('')
  block.type = messages.length > 0 ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE
  document.set('examples', block)
}

/** Entries that stay keep their node, and with it their comment and their quotes. */
function refill(document: Document, list: YAMLSeq, values: readonly string[]): void {
  const kept = new Map(list.items.map((item) => [isScalar(item) ? String(item.value).trim() : '', item]))
  list.items = values.map((value) => kept.get(value) ?? document.createNode(value))
}
