import type { RouteDecision } from '../../wire/event.ts'
import { say } from './say.ts'

/** A reason for a decision of the router, as a person reads it; `agent` is the title of the one that was chosen. */
export function reasonText({ feature, why }: RouteDecision['because'][number], agent: string): string {
  switch (why) {
    case 'lesson':
      return say('You asked {agent} instead, for a message like this', { agent })
    case 'before':
      return say('{agent} answered before', { agent })
    case undefined:
      return say('“{words}”', { words: feature })
  }
}
