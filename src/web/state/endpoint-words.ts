import type { EndpointInfo, ModelInfo, Speed } from '../../wire/model.ts'
import { memoryWords } from '../../wire/memory.ts'
import type { CatalogueModel, Machine } from '../../wire/shelf.ts'
import { about, bytes, clock, count, many } from './wording.ts'

export type StateWords = {
  tone: 'good' | 'work' | 'rest' | 'bad'
  text: string
  /** What a person can do about it. */
  advice: string | null
}

export const endpointTitle = ({ name, kind }: Pick<EndpointInfo, 'name' | 'kind'>): string =>
  kind === 'engine' ? 'PKN’s own engine' : name

/** The state of an endpoint in words: never a colour alone. */
export function stateWords(info: EndpointInfo, now: Date): StateWords {
  const { state, busy, slots, waiting, since, why } = info
  const queue = waiting > 0 ? `, ${count(waiting)} waiting` : ''
  switch (state) {
    case 'up':
      return {
        tone: 'good',
        text: busy > 0 ? `Up, ${count(busy)} of ${many(slots, 'slot')} at work${queue}` : `Up, ${answersAtOnce(slots)}`,
        advice: null,
      }
    case 'busy':
      return {
        tone: 'work',
        text: `Busy, ${slots === 1 ? 'its one slot is' : `all ${count(slots)} slots are`} at work${queue}`,
        advice: null,
      }
    case 'loading':
      return { tone: 'work', text: `Loading a model since ${clock(since, now)}${queue}`, advice: null }
    case 'idle':
      return {
        tone: 'rest',
        text: info.kind === 'cloud' ? 'Not asked yet' : 'Idle; it starts with the first message that needs it',
        advice: null,
      }
    case 'down':
      return {
        tone: 'bad',
        text: `Down since ${clock(since, now)}${why === null ? '' : `: ${why}`}`,
        advice: adviceFor(info),
      }
  }
}

const answersAtOnce = (slots: number): string =>
  slots === 1 ? 'one answer at a time' : `up to ${count(slots)} answers at once`

function adviceFor({ kind, url }: EndpointInfo): string {
  switch (kind) {
    case 'ollama':
      return 'Ollama: start it with ./pkn_control.sh start-ollama, or open its app.'
    case 'llama':
      return 'llama.cpp: start it with ./pkn_control.sh start-llama, or check the address that is set for it.'
    case 'engine':
      return 'The engine: get a model below; if it has one, engine.log in PKN’s folder says more.'
    case 'openai':
      return `Check that a server listens at ${url}.`
    case 'cloud':
      return 'The cloud: check the connection to the internet, and the key that is set.'
  }
}

/** Servers that nobody configured and that are not there, in one quiet line. */
export const notFoundWords = (absent: readonly Pick<EndpointInfo, 'name' | 'kind' | 'url'>[]): string =>
  `Looked for and not found: ${absent
    .map(({ name, kind, url }) => (kind === 'ollama' ? `Ollama (port ${new URL(url).port})` : name))
    .join(', ')}.`

/** Size, context and what it can do, as far as it is known. */
export function modelFacts(model: ModelInfo, size: number | null = model.bytes): string[] {
  return [
    ...(size === null ? [] : [bytes(size)]),
    ...(model.context === null ? [] : [contextWords(model.context)]),
    ...(model.tools === true ? ['tools'] : []),
    ...(model.thinking === true ? ['thinking'] : []),
    ...(model.vision === true ? ['vision'] : []),
  ]
}

export const contextWords = (tokens: number): string => `${count(tokens)} tokens of context`

/** What this machine has measured; null if nothing yet. */
export function speedWords(speed: Speed | null): string | null {
  if (speed === null || speed.answers === 0) return null
  const pace = (n: number) => (n < 10 ? n.toFixed(1) : count(n))
  const rates = [
    ...(speed.read === null ? [] : [`reads ${pace(speed.read)}`]),
    ...(speed.write === null ? [] : [`writes ${pace(speed.write)}`]),
  ]
  const parts = [
    ...(rates.length === 0 ? [] : [`${rates.join(', ')} tokens/s`]),
    ...(speed.answer === null ? [] : [`usual answer ${many(Math.round(speed.answer), 'token')}`]),
    ...(speed.loadMs === null ? [] : [`loads in about ${about(speed.loadMs)}`]),
  ]
  if (parts.length === 0) return null
  const text = parts.join(' · ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Why a model suits this machine, or does not. */
export function fitWords({ fits, memory }: CatalogueModel, machine: Machine | null): string {
  const has = machine === null ? 'this machine' : `${memoryWords(machine.memory)} of memory`
  switch (fits) {
    case 'well':
      return `Fits well into ${has}; takes ${bytes(memory)}`
    case 'tightly':
      return `Fits tightly into ${has}; takes ${bytes(memory)}, so close other big programs`
    case 'no':
      return `Too big for ${has}: it takes ${bytes(memory)}`
  }
}

export function machineWords({ memory, disk, cores, gpu }: Machine): string {
  const card =
    gpu === null ? 'no GPU found' : gpu.memory === null ? gpu.name : `${gpu.name} with ${memoryWords(gpu.memory)}`
  return `${memoryWords(memory)} of memory, ${many(cores, 'core')}, ${card}, ${bytes(disk)} free on the disk.`
}
