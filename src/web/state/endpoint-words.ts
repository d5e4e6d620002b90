import type { EndpointInfo, ModelInfo, Speed } from '../../wire/model.ts'
import { memoryWords } from '../../wire/memory.ts'
import type { CatalogueModel, Machine } from '../../wire/shelf.ts'
import { say, sayCount } from '../words/say.ts'
import { whyText } from '../words/whys.ts'
import { about, bytes, clock, count, tenth } from './wording.ts'

export type StateWords = {
  tone: 'good' | 'work' | 'rest' | 'bad'
  text: string
  /** What a person can do about it. */
  advice: string | null
}

export const endpointTitle = ({ name, kind }: Pick<EndpointInfo, 'name' | 'kind'>): string =>
  kind === 'engine' ? say('PKN’s own engine') : name

/** The state of an endpoint in words: never a colour alone. */
export function stateWords(info: EndpointInfo, now: Date): StateWords {
  const { state, busy, slots, waiting, since, why } = info
  const queued = (text: string): string => (waiting > 0 ? `${text}, ${say('{n} waiting', { n: waiting })}` : text)
  switch (state) {
    case 'up':
      return {
        tone: 'good',
        text:
          busy > 0
            ? queued(sayCount(slots, 'Up, {busy} of 1 slot at work', 'Up, {busy} of {n} slots at work', { busy }))
            : sayCount(slots, 'Up, one answer at a time', 'Up, up to {n} answers at once'),
        advice: null,
      }
    case 'busy':
      return {
        tone: 'work',
        text: queued(sayCount(slots, 'Busy, its one slot is at work', 'Busy, all {n} slots are at work')),
        advice: null,
      }
    case 'loading':
      return {
        tone: 'work',
        text: queued(say('Loading a model since {time}', { time: clock(since, now) })),
        advice: null,
      }
    case 'idle':
      return {
        tone: 'rest',
        text:
          info.kind === 'cloud' ? say('Not asked yet') : say('Idle; it starts with the first message that needs it'),
        advice: null,
      }
    case 'down':
      return {
        tone: 'bad',
        text:
          why === null
            ? say('Down since {time}', { time: clock(since, now) })
            : say('Down since {time}: {why}', { time: clock(since, now), why: whyText(why) }),
        advice: adviceFor(info),
      }
  }
}

function adviceFor({ kind, url }: EndpointInfo): string {
  switch (kind) {
    case 'ollama':
      return say('Ollama: start it with ./pkn_control.sh start-ollama, or open its app.')
    case 'llama':
      return say('llama.cpp: start it with ./pkn_control.sh start-llama, or check the address that is set for it.')
    case 'engine':
      return say('The engine: get a model below; if it has one, engine.log in PKN’s folder says more.')
    case 'openai':
      return say('Check that a server listens at {url}.', { url })
    case 'cloud':
      return say('The cloud: check the connection to the internet, and the key that is set.')
  }
}

/** Servers that nobody configured and that are not there, in one quiet line. */
export const notFoundWords = (absent: readonly Pick<EndpointInfo, 'name' | 'kind' | 'url'>[]): string =>
  say('Looked for and not found: {names}.', {
    names: absent
      .map(({ name, kind, url }) =>
        kind === 'ollama' ? say('Ollama (port {port})', { port: new URL(url).port }) : name,
      )
      .join(', '),
  })

/** Size, context and what it can do, as far as it is known. */
export function modelFacts(model: ModelInfo, size: number | null = model.bytes): string[] {
  return [
    ...(size === null ? [] : [bytes(size)]),
    ...(model.context === null ? [] : [contextWords(model.context)]),
    ...(model.tools === true ? [say('tools')] : []),
    ...(model.thinking === true ? [say('thinking')] : []),
    ...(model.vision === true ? [say('vision')] : []),
  ]
}

export const contextWords = (tokens: number): string => sayCount(tokens, '1 token of context', '{n} tokens of context')

/** Tokens a second. */
export const paceFigure = (n: number): string => (n < 10 ? tenth(n) : count(n))

/** What this machine has measured; null if nothing yet. */
export function speedWords(speed: Speed | null): string | null {
  if (speed === null || speed.answers === 0) return null
  const pace = paceFigure
  const { read, write } = speed
  const rate =
    read === null
      ? write === null
        ? null
        : say('writes {write} tokens/s', { write: pace(write) })
      : write === null
        ? say('reads {read} tokens/s', { read: pace(read) })
        : say('reads {read}, writes {write} tokens/s', { read: pace(read), write: pace(write) })
  const parts = [
    ...(rate === null ? [] : [rate]),
    ...(speed.answer === null
      ? []
      : [sayCount(Math.round(speed.answer), 'usual answer 1 token', 'usual answer {n} tokens')]),
    ...(speed.loadMs === null ? [] : [say('loads in about {time}', { time: about(speed.loadMs) })]),
  ]
  if (parts.length === 0) return null
  const text = parts.join(' · ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Why a model suits this machine, or does not. */
export function fitWords({ fits, memory }: CatalogueModel, machine: Machine | null): string {
  const has = machine === null ? say('this machine') : say('{size} of memory', { size: memoryWords(machine.memory) })
  const takes = bytes(memory)
  switch (fits) {
    case 'well':
      return say('Fits well into {memory}; takes {takes}', { memory: has, takes })
    case 'tightly':
      return say('Fits tightly into {memory}; takes {takes}, so close other big programs', { memory: has, takes })
    case 'no':
      return say('Too big for {memory}: it takes {takes}', { memory: has, takes })
  }
}

export function machineWords({ memory, disk, cores, gpu }: Machine): string {
  const card =
    gpu === null
      ? say('no GPU found')
      : gpu.memory === null
        ? gpu.name
        : say('{name} with {size}', { name: gpu.name, size: memoryWords(gpu.memory) })
  return sayCount(
    cores,
    '{memory} of memory, 1 core, {card}, {disk} free on the disk.',
    '{memory} of memory, {n} cores, {card}, {disk} free on the disk.',
    { memory: memoryWords(memory), card, disk: bytes(disk) },
  )
}

/** The same for who has just come. */
export function hardwareWords(machine: Machine): string {
  return say('This machine has {hardware} Nothing that you write leaves it.', { hardware: machineWords(machine) })
}
