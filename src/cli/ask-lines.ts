import type { ToolPart } from './phase-words.ts'
import { cleanLine } from './clean.ts'

/** That an agent asks, in one line. */
export function askedLine({ tool, ask }: ToolPart): string {
  const shown = ask?.shown
  if (shown?.kind === 'plan') return 'The agent shows its plan, and waits for it to be approved.'
  const what = shown?.kind === 'question' ? `: ${cleanLine(shown.text)}` : ` whether it may use ${cleanLine(tool)}.`
  return `The agent asks${what}`
}
