import type { Project } from '../wire/mind.ts'
import { estimateTokens } from './estimate.ts'
import type { Agent } from './ports.ts'

/** The instructions of a project take no more of a context than this. */
const SHARE = 0.3
const CUT = '\n(The rest of these instructions is left out: there is no room for more.)'

/** What an agent is told first: its own instructions, then its project's. The same for every turn at one model, so that a backend keeps it. */
export function systemOf(
  { instructions }: Pick<Agent, 'instructions'>,
  project: Pick<Project, 'name' | 'instructions'> | null,
  context: number,
): string {
  const told = project?.instructions.trim() ?? ''
  if (project === null || told === '') return instructions
  const name = project.name.replaceAll(/\s+/g, ' ').trim()
  const tokens = estimateTokens(told)
  const room = context * SHARE
  const fits = tokens <= room ? told : told.slice(0, Math.floor((told.length * room) / tokens)).trimEnd() + CUT
  return `${instructions}\n\nInstructions of the project ${name}:\n${fits}`
}
