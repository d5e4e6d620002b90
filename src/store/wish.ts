import type { RunRow, Version } from './changes.ts'

export type Wish = Pick<RunRow, 'agent' | 'backend' | 'model' | 'priority' | 'temperature' | 'plan' | 'format'>

/** Whether two messages ask for the same: with another wish the same id is another body. */
export const sameWish = (a: Wish, b: Wish): boolean =>
  a.agent === b.agent &&
  a.backend === b.backend &&
  a.model === b.model &&
  a.priority === b.priority &&
  a.temperature === b.temperature &&
  a.plan === b.plan &&
  a.format === b.format

/** What another version is asked with: as its base was, but for what is asked now. */
export const wishOf = (
  base: Wish,
  asked: Pick<Version, 'agent' | 'backend' | 'model' | 'temperature' | 'plan'>,
): Wish => ({
  agent: asked.agent === undefined ? base.agent : asked.agent,
  backend: asked.backend ?? base.backend,
  model: asked.model === undefined ? base.model : asked.model,
  priority: base.priority,
  temperature: asked.temperature === undefined ? base.temperature : asked.temperature,
  plan: asked.plan ?? base.plan,
  // It belongs to the question.
  format: base.format,
})
