import type { ToolPart } from './phase-words.ts'
import { cleanLine } from './clean.ts'

/** That an agent asks, in one line. */
export function askedLine({ tool, ask }: ToolPart): string {
  const shown = ask?.shown
  const what = shown?.kind === 'question' ? `: ${cleanLine(shown.text)}` : ` whether it may use ${cleanLine(tool)}.`
  return `The agent asks${what}`
}
