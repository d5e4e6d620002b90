import type { Phase } from '../../wire/event.ts'
import { say } from '../words/say.ts'

export function phaseName(phase: Phase): string {
  switch (phase) {
    case 'queued':
      return say('Waiting in line')
    case 'starting':
      return say('Starting')
    case 'loading':
      return say('Loading model')
    case 'reading':
      return say('Reading prompt')
    case 'thinking':
      return say('Thinking')
    case 'answering':
      return say('Writing')
    case 'calling':
      return say('Using tools')
    case 'asking':
      return say('Waiting for you')
    case 'saving':
      return say('Saving')
  }
}
