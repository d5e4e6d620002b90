import type { EndpointInfo } from '../../wire/model.ts'
import { say } from '../words/say.ts'
import { endpointTitle, modelFacts } from './endpoint-words.ts'
import { hostOf, wishFor, type Models } from './model-line.ts'

export type ModelChoice = {
  wish: string
  name: string
  about: string
  /** The host that words go to; null while they stay here. */
  remote: string | null
}

/** What can be chosen for a message: what is here first, what is elsewhere after it. What is down cannot be chosen. */
export function modelChoices({ endpoints }: Models): ModelChoice[] {
  const there = endpoints.filter(({ state }) => state !== 'down')
  return [...there.filter(({ local }) => local), ...there.filter(({ local }) => !local)].flatMap(choicesOf)
}

function choicesOf(endpoint: EndpointInfo): ModelChoice[] {
  const remote = endpoint.local ? null : hostOf(endpoint.url)
  return endpoint.models.map((model) => ({
    wish: wishFor(model),
    name: model.name,
    about: [
      ...(remote === null ? [endpointTitle(endpoint)] : []),
      ...modelFacts(model),
      ...(model.practice ? [say('knows nothing')] : []),
      ...(model.loaded === true ? [say('in memory')] : []),
    ].join(' · '),
    remote,
  }))
}
