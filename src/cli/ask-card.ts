import type { Shown } from '../wire/shown.ts'
import { verbatim } from './clean.ts'
import type { ToolPart } from './phase-words.ts'
import { bold, green, grey, red, yellow } from './terminal.ts'

/** So many lines are shown at once; the rest with one key. */
export const MOST_SHOWN = 120

/** What an agent asks for: why, and exactly what would happen. What is hidden in a text is named. */
export function askCard({ tool, input, ask }: ToolPart, most = MOST_SHOWN): string[] {
  const shown: Shown = ask?.shown ?? { kind: 'input', text: JSON.stringify(input, null, 2) }
  const body = shownLines(shown)
  const left = body.length - most
  return [
    '',
    bold(headOf(shown, tool)),
    ...(ask?.why === undefined ? [] : [grey(verbatim(ask.why))]),
    ...body.slice(0, most).map((line) => `  ${line}`),
    ...(left > 0 ? [yellow(`  … ${left} more lines: v shows them`)] : []),
    ...(ask?.expires === undefined ? [] : [grey(`Counts as refused after ${verbatim(ask.expires)}.`)]),
  ]
}

function headOf({ kind }: Shown, tool: string): string {
  if (kind === 'question') return 'The agent asks you:'
  return kind === 'plan' ? 'The agent shows its plan:' : `May the agent use ${verbatim(tool)}?`
}

function shownLines(shown: Shown): string[] {
  switch (shown.kind) {
    case 'text':
    case 'input':
      return lines(shown.text)
    case 'question':
      return [...lines(shown.text), ...shown.options.map((option, i) => `${i + 1}. ${verbatim(option)}`)]
    case 'plan':
      return shown.steps.map((step, i) => `${i + 1}. ${verbatim(step)}`)
    case 'address': {
      const host = URL.canParse(shown.url) ? [`goes to ${verbatim(new URL(shown.url).host)}`] : []
      return [...lines(shown.url), ...host]
    }
    case 'command':
      return [
        ...lines(shown.command),
        grey(`in ${verbatim(shown.folder)}`),
        shown.sandbox === null
          ? red('Nothing confines it: it can read and change whatever you can.')
          : grey('Only this folder can be changed.'),
        network(shown),
        ...(shown.background ? [grey('It stays at work in the background.')] : []),
      ]
    case 'diff':
      return [
        `${shown.created ? 'new file ' : ''}${verbatim(shown.path)}  +${shown.added} -${shown.removed}`,
        ...lines(shown.diff).map((line) =>
          line.startsWith('+') ? green(line) : line.startsWith('-') ? red(line) : line,
        ),
      ]
  }
}

function network({ sandbox, network: allowed }: Extract<Shown, { kind: 'command' }>): string {
  if (sandbox === null) return yellow('It reaches whatever this machine reaches.')
  return allowed ? yellow('It reaches the internet, and nothing of this machine or its network.') : grey('No network.')
}

const lines = (text: string): string[] => verbatim(text).replace(/\n$/, '').split('\n')
