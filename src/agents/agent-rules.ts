import type { AgentText } from '../wire/agent.ts'
import { AgentName } from '../wire/id.ts'
import { wrong } from '../wire/wrong.ts'

const MOST = { title: 60, about: 600, instructions: 60_000, examples: 2000, example: 1000, list: 40, entry: 200 }

/** The same as a file can hold it: one line is one line, and nothing is empty or there twice. */
export function tidied(text: AgentText): AgentText {
  const list = (entries: readonly string[]) => [...new Set(entries.map(oneLine).filter((entry) => entry !== ''))]
  return {
    title: oneLine(text.title),
    about: oneLine(text.about),
    // What an editor on another system writes is the same text.
    instructions: text.instructions
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll(/[^\P{Cc}\n\t]/gu, '')
      .trim(),
    examples: list(text.examples),
    models: list(text.models),
    tools: list(text.tools),
    mayDelegateTo: list(text.mayDelegateTo),
  }
}
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()

/** What is wrong with a tidy agent, by field; nothing if it can be saved. */
export function wrongsOf(
  name: string,
  text: AgentText,
  { names, malformed }: { names: ReadonlySet<string>; malformed: (wish: string) => boolean },
): { [field: string]: string } {
  const { title, about, instructions, examples, models, tools, mayDelegateTo } = text
  const unknown = mayDelegateTo.filter((other) => !names.has(other))
  const said: [field: string, what: string | null][] = [
    [
      'name',
      AgentName.safeParse(name).success
        ? null
        : wrong('must begin with a small letter and have only small letters, digits, - and _, 40 at most'),
    ],
    ['title', lengthOf(title, MOST.title)],
    ['about', lengthOf(about, MOST.about)],
    ['instructions', lengthOf(instructions, MOST.instructions)],
    [
      'examples',
      tooMany(examples, MOST.examples) ??
        first(examples, (message) =>
          message.length > MOST.example
            ? wrong('has a message of {n} characters; {most} are the most', { n: message.length, most: MOST.example })
            : null,
        ),
    ],
    [
      'models',
      tooMany(models, MOST.list) ??
        first(models, (wish) =>
          wish.length > MOST.entry
            ? wrong('"{entry}…" is too long', { entry: wish.slice(0, 30) })
            : malformed(wish)
              ? wrong('"{entry}" is neither a model nor a condition such as tools or context>=32k', { entry: wish })
              : null,
        ),
    ],
    [
      'tools',
      tooMany(tools, MOST.list) ??
        first(tools, (tool) =>
          /^[\w.:/*-]{1,100}$/.test(tool)
            ? null
            : wrong('"{entry}" is not a name of a tool', { entry: tool.slice(0, 100) }),
        ),
    ],
    [
      'mayDelegateTo',
      mayDelegateTo.includes(name)
        ? wrong('an agent cannot delegate to itself')
        : unknown.length > 0
          ? wrong('there is no agent {names}', { names: unknown.map((other) => other.slice(0, 40)).join(', ') })
          : null,
    ],
  ]
  return Object.fromEntries(said.filter((one): one is [string, string] => one[1] !== null))
}

const lengthOf = (text: string, most: number): string | null =>
  text === ''
    ? wrong('must not be empty')
    : text.length > most
      ? wrong('has {n} characters; {most} are the most', { n: text.length, most })
      : null
const tooMany = (list: readonly string[], most: number): string | null =>
  list.length > most ? wrong('has {n} entries; {most} are the most', { n: list.length, most }) : null
function first(list: readonly string[], judge: (entry: string) => string | null): string | null {
  for (const entry of list) {
    const what = judge(entry)
    if (what !== null) return what
  }
  return null
}
