import type { RunArchive } from '../wire/archive.ts'
import type { Json } from '../wire/event.ts'
import { EMPTY, foldAll, type Draft, type Part } from '../wire/fold.ts'
import { lookedUp, placeOf } from '../wire/sources.ts'
import { counted, lasting, perSecond } from './figures.ts'
import { contained, fenced, inlineCode, plainLine, quoted } from './markdown.ts'

/** A run as a story that can be read without PKN. */
export function runMarkdown(archive: RunArchive): string {
  const { run, question, entries } = archive
  const draft = foldAll(EMPTY, entries)
  return document([
    `# ${plainLine(question) || 'A run'}`,
    `Run ${inlineCode(run.id)}, asked ${run.created}, ${stateOf(archive, draft)}.`,
    '## Question',
    quoted(question),
    ...runStory(draft),
  ])
}

/** Why, how and what: the parts of a story that begin with the routing and end with the figures. */
export function runStory(draft: Draft): string[] {
  const last = draft.steps.at(-1)?.step ?? 1
  const isAnswer = (part: Part) => part.kind === 'text' && part.step === last
  const answer = draft.parts.flatMap((part) => (isAnswer(part) && part.kind === 'text' ? [part.text] : [])).join('')
  const deeds = draft.parts.filter((part) => !isAnswer(part))
  return [
    ...routing(draft),
    ...phases(draft),
    ...sources(draft),
    ...(deeds.length > 0 ? ['## On the way', ...deeds.map(deed)] : []),
    '## Answer',
    answer === '' ? '(no words)' : contained(answer),
    ...ending(draft),
    ...figures(draft),
  ]
}

export const document = (blocks: readonly string[]): string => `${blocks.filter((b) => b !== '').join('\n\n')}\n`

function stateOf({ run }: RunArchive, draft: Draft): string {
  const state = run.reason ?? run.state
  return draft.end === null ? `${state} when it was exported` : `${state} after ${lasting(draft.t)}`
}

function routing({ route }: Draft): string[] {
  if (route === null) return []
  const sure = route.forced ? 'asked for' : `${percent(route.confidence)} sure`
  const scores = route.scores.map(({ agent, score }) => `| ${plainLine(agent)} | ${percent(score)} |`)
  const because = route.because.map(({ feature, weight }) => `${inlineCode(feature)} (${weight.toFixed(2)})`)
  return [
    '## Why this agent',
    `${plainLine(route.title)}: ${sure}, ${route.complexity}${route.requiresTools ? ', needs tools' : ''}.`,
    scores.length === 0 ? '' : ['| Agent | Score |', '| --- | ---: |', ...scores].join('\n'),
    because.length === 0 ? '' : `Because of ${because.join(', ')}.`,
  ]
}

function phases(draft: Draft): string[] {
  const rows = draft.phases.map(({ phase, since }, i) => {
    const until = draft.phases[i + 1]?.since ?? draft.t
    return `| ${phase} | ${lasting(since)} | ${lasting(until - since)} |`
  })
  const notes = [
    ...(draft.continues === null ? [] : [`- Goes on with the answer of run ${inlineCode(draft.continues.run)}`]),
    ...draft.skips.map((s) => `- Passed over ${plainLine(s.endpoint)}: ${plainLine(s.why)}`),
    ...draft.steps.map(
      (s) =>
        `- Step ${s.step}: ${inlineCode(s.model)} at ${plainLine(s.endpoint)}${s.remote === null ? '' : ` (${plainLine(s.remote)})`}, ${lasting((s.to ?? draft.t) - s.from)}${s.attempt > 1 ? `, attempt ${s.attempt}` : ''}${s.fault === null ? '' : `: ${plainLine(s.fault.message)}`}`,
    ),
    ...(draft.cut === null || draft.cut.left === 0
      ? []
      : [`- ${counted(draft.cut.left)} older messages did not fit and were left out`]),
    ...(draft.cut?.recalled === undefined
      ? []
      : [`- ${counted(draft.cut.recalled)} of what was looked up did not fit, or not whole`]),
    ...(draft.cut?.outputs === undefined
      ? []
      : [`- ${counted(draft.cut.outputs)} older results of tools were cut to their first lines, to fit`]),
    ...(draft.resumes === 0 ? [] : [`- Taken up again ${draft.resumes} times by another process`]),
  ]
  if (rows.length === 0 && notes.length === 0) return []
  return [
    '## What happened',
    rows.length === 0 ? '' : ['| Phase | After | Lasted |', '| --- | ---: | ---: |', ...rows].join('\n'),
    notes.join('\n'),
  ]
}

/** What the answer rests on, by the numbers that it cites. */
function sources({ recalls }: Draft): string[] {
  const { memories, passages } = lookedUp(recalls)
  if (memories.length + passages.length === 0) return []
  return [
    '## Sources',
    passages.map((passage) => `- \\[${passage.n}\\] ${inlineCode(placeOf(passage))}`).join('\n'),
    memories.length === 0 ? '' : ['Remembered:', '', ...memories.map(({ text }) => `- ${plainLine(text)}`)].join('\n'),
  ]
}

function deed(part: Part): string {
  const took = lasting(part.to - part.from)
  switch (part.kind) {
    case 'thought':
      return `<details>\n<summary>Thoughts (${took})</summary>\n\n${fenced(part.text, 'text')}\n\n</details>`
    case 'text':
      return contained(part.text)
    case 'tool': {
      const outcome = part.result === null ? 'without result' : part.result.ok ? 'done' : 'failed'
      const asked = part.ask === null ? [] : [`Approval: ${['not given', 'given', 'open'][askIndex(part.ask.allow)]}`]
      return [
        `### Tool ${inlineCode(part.tool)}: ${outcome}, ${took}`,
        ...asked,
        'Input:',
        fenced(json(part.input), 'json'),
        ...(part.text === '' ? [] : ['While it ran:', fenced(part.text, 'text')]),
        ...(part.result === null ? [] : ['Output:', output(part.result.output)]),
      ].join('\n\n')
    }
    case 'child':
      return `### ${plainLine(part.agent)} worked on a part: run ${inlineCode(part.run)}`
  }
}

const askIndex = (allow: boolean | null): number => (allow === null ? 2 : allow ? 1 : 0)
const json = (value: Json): string => JSON.stringify(value, null, 2)
const output = (value: Json): string =>
  typeof value === 'string' ? fenced(value, 'text') : fenced(json(value), 'json')

function ending({ end }: Draft): string[] {
  if (end === null || end.reason === 'done') return []
  const why = end.fault === null ? '' : ` ${plainLine(end.fault.message)} ${plainLine(end.fault.fix)}`
  return [`**The run was ${end.reason === 'failed' ? 'not completed' : end.reason}.**${why}`]
}

function figures(draft: Draft): string[] {
  const lines = draft.usage.flatMap((u) => [
    `- Read ${counted(u.input)} tokens, ${counted(u.cached)} of them from the cache${perSecond(u.input - u.cached, u.prefillMs)}`,
    `- Wrote ${counted(u.output)} tokens${perSecond(u.output, u.decodeMs)}`,
  ])
  return ['## Figures', [`- ${lasting(draft.t)} in all`, ...lines].join('\n')]
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
