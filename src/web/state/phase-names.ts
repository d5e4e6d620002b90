import type { Phase } from '../../wire/event.ts'

export const PHASE_NAMES: Record<Phase, string> = {
  queued: 'Waiting in line',
  starting: 'Starting',
  loading: 'Loading model',
  reading: 'Reading prompt',
  thinking: 'Thinking',
  answering: 'Writing',
  calling: 'Using tools',
  asking: 'Waiting for you',
  saving: 'Saving',
}
