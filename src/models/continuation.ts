import type { Continues } from '../core/ports.ts'
import type { EndpointKind } from '../wire/model.ts'
import { type Answered, ask } from './ask.ts'
import { isFields } from './refusal.ts'
import { baseOf, type LlamaAt } from './slots-look.ts'

/** What a server can go on from, and the fields that ask it to. */
export type Way = Continues & { fields: { readonly [name: string]: unknown } }
export const NO_WAY: Way = { text: false, thought: false, fields: {} }

/** vLLM and llama.cpp go on with the last message by these; llama.cpp does so without them too, but says again what it was given. */
const GO_ON = { continue_final_message: true, add_generation_prompt: false }
const QUIETLY = { chat_template_kwargs: { enable_thinking: false } }

type At = LlamaAt & { kind: EndpointKind; local: boolean }

/**
 * Finds out what a model can go on from. PKN's engine says it; llama.cpp's server shows the prompt it would make; the others are asked to
 * count on, once, and only where that costs no money. Null if it could not be found out for now.
 */
export async function findWay(at: At, model: string, signal: AbortSignal): Promise<Way | null> {
  switch (at.kind) {
    case 'engine': {
      const props = await ask({ url: `${baseOf(at.url)}/props` }, signal)
      if (!isWell(props)) return null
      const pkn = isFields(props.json?.['pkn']) ? props.json['pkn'] : {}
      const told = isFields(pkn['continues']) ? pkn['continues'] : {}
      return { text: told['text'] === true, thought: told['thought'] === true, fields: {} }
    }
    case 'llama':
      return llamaWay(at, model, signal)
    case 'openai':
      if (!at.local) return NO_WAY
      return openaiWay(at, model, signal)
    case 'ollama':
      return ollamaWay(at, model, signal)
    case 'cloud':
      return NO_WAY
  }
}

const isWell = (answer: Answered): answer is Answered & { ok: true } => answer.ok && answer.status === 200

const SAID = 'one two three four'
const THOUGHT = 'They want me to count'
const QUESTION = { role: 'user', content: 'Count from one to ten in words. Write nothing but the words.' }

async function llamaWay(at: At, model: string, signal: AbortSignal): Promise<Way | null> {
  const prompt = async (last: object, fields: object) => {
    const body = { model, messages: [QUESTION, { role: 'assistant', ...last }], ...fields }
    const answer = await ask({ url: `${baseOf(at.url)}/apply-template`, key: at.key, body }, signal)
    if (!answer.ok) return null
    const made = answer.status === 200 ? answer.json?.['prompt'] : ''
    return { prompt: typeof made === 'string' ? made : '', refused: answer.status === 400 }
  }
  const thought = await prompt({ content: '', reasoning_content: THOUGHT }, GO_ON)
  // Builds of 2025 refuse to go on from anything while the template may think.
  for (const fields of [GO_ON, { ...GO_ON, ...QUIETLY }]) {
    const text = await prompt({ content: SAID }, fields)
    if (text === null || thought === null) return null
    if (text.refused) continue
    return { text: text.prompt.endsWith(SAID), thought: thought.prompt.endsWith(THOUGHT), fields }
  }
  return NO_WAY
}

/** LM Studio and others go on with a last message of the assistant by themselves; vLLM must be told to. */
async function openaiWay(at: At, model: string, signal: AbortSignal): Promise<Way | null> {
  for (const fields of [GO_ON, {}]) {
    const messages = [QUESTION, { role: 'assistant', content: SAID }]
    const body = { model, messages, max_tokens: 6, temperature: 0, ...fields }
    const answer = await ask({ url: `${at.url}/chat/completions`, key: at.key, body }, signal)
    if (!answer.ok || answer.status >= 500) return null
    const choice: unknown = Array.isArray(answer.json?.['choices']) ? answer.json['choices'][0] : null
    if (isFields(choice) && goesOn(choice['message'])) return { text: true, thought: false, fields }
  }
  return NO_WAY
}

async function ollamaWay(at: At, model: string, signal: AbortSignal): Promise<Way | null> {
  const messages = [QUESTION, { role: 'assistant', content: SAID }]
  // The batch is named as in every request: another one would make Ollama load the model anew.
  const body = { model, messages, stream: false, options: { num_predict: 6, temperature: 0, num_batch: 256 } }
  const answer = await ask({ url: `${baseOf(at.url)}/api/chat`, body }, signal)
  if (!isWell(answer)) return null
  return goesOn(answer.json?.['message']) ? { text: true, thought: false, fields: {} } : NO_WAY
}

const goesOn = (message: unknown): boolean =>
  isFields(message) && typeof message['content'] === 'string' && /^[\s,.;-]*five\b/i.test(message['content'])
