import { Template } from '@huggingface/jinja'
import type { Token } from 'node-llama-cpp'
import type { Resumes } from './answer-reader.ts'
import { formOf, type Ask } from './ask.ts'
import { callForm, type CallForm } from './call-form.ts'
import { resume, unfinished } from './continue.ts'
import { plainTools } from './plain-tools.ts'

export type Speech = {
  /** The model's own template, or undefined for a model that has none. */
  template: string | undefined
  bos: string
  eos: string
  /** Texts of the tokens that steer the model. Inside of what people and tools say they are plain text. */
  control: readonly string[]
  prependBos: boolean
  tokenize: (text: string, first: boolean) => Token[]
}
export type Prompt = {
  tokens: Token[]
  /** The prompt has begun a thought. */
  thinking: boolean
  /** It goes on from something that is said already, of which `again` is to be written once more. */
  resumes: Resumes
  again: string
  /** How the model writes its calls, and the opening that the prompt ends with if it has to call. */
  form: CallForm
  forced: string
}

const PLAIN = `{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`
/** Not a character, so it stands in no text: it cuts a control token's text in two, and the prompt is cut there before it is tokenized. */
const CUT = '\uFDD0'

/** Makes prompts from conversations, as the model was trained to read them. */
export function prompter(speech: Speech): (ask: Ask) => Prompt {
  const template = new Template(speech.template ?? PLAIN)
  const form = callForm(speech.template ?? PLAIN)
  const knowsTools = /\btools\b/.test(speech.template ?? PLAIN)
  const escaped = speech.control.filter((t) => t.length > 1).map((t) => t.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const steering = escaped.length === 0 ? null : new RegExp(escaped.sort((a, b) => b.length - a.length).join('|'), 'g')
  const tame = (text: string): string => {
    const clean = text.replaceAll(CUT, '')
    return steering === null ? clean : clean.replaceAll(steering, (found) => found[0] + CUT + found.slice(1))
  }
  const tameAll = (value: unknown): unknown => {
    if (typeof value === 'string') return tame(value)
    if (Array.isArray(value)) return value.map(tameAll)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [tame(key), tameAll(inner)]))
  }

  return (ask) => {
    const render = (messages: Ask['messages']): string =>
      template.render({
        messages: messages.map((message) => tameAll(message)),
        // A template asks whether there are tools; an empty list would make some of them say that there are.
        ...(toolsOf(ask).length > 0 ? { tools: tameAll(toolsOf(ask)) } : {}),
        add_generation_prompt: true,
        bos_token: speech.bos,
        eos_token: speech.eos,
        ...(typeof ask.chat_template_kwargs?.enable_thinking === 'boolean'
          ? { enable_thinking: ask.chat_template_kwargs.enable_thinking }
          : {}),
      })
    const { messages: asked, begun } = unfinished(ask.messages)
    const messages = knowsTools ? asked : plainTools(asked, toolsOf(ask))
    let text: string
    try {
      text = render(messages)
    } catch {
      // Some templates refuse a system message, or two messages of one speaker in a row.
      text = render(simpler(messages))
    }
    const opensThought = text.trimEnd().endsWith('<think>')
    const said = begun === null ? null : resume(text, { text: tame(begun.text), thought: tame(begun.thought) })
    const forced = said === null && mustCall(ask) ? form.open : ''
    const held = said === null && (forced !== '' || formOf(ask) !== null)
    if (said !== null) text += said.kept
    // What is held to a form from its first token can't think before it.
    else if (held) text += `${opensThought ? '\n</think>\n\n' : ''}${forced}${forced === '' ? '' : form.gap}`
    const pieces = text.split(CUT)
    const tokens = pieces.flatMap((piece, i) => speech.tokenize(piece, i === 0))
    const bos = speech.prependBos && speech.bos !== '' && !text.startsWith(speech.bos)
    return {
      tokens: bos ? [...speech.tokenize(speech.bos, true), ...tokens] : tokens,
      thinking: opensThought && said === null && !held,
      resumes: said?.resumes ?? null,
      again: said?.again.replaceAll(CUT, '') ?? '',
      form,
      forced,
    }
  }
}

/** The tools that may be called; a choice of one leaves that alone. */
export function callable(ask: Ask) {
  const tools = toolsOf(ask)
  const choice = ask.tool_choice
  if (typeof choice !== 'object' || choice === null || !('function' in choice)) return tools
  const { function: named } = choice
  if (typeof named !== 'object' || named === null || !('name' in named)) return tools
  return tools.filter((tool) => tool.function.name === named.name)
}
const mustCall = (ask: Ask): boolean =>
  callable(ask).length > 0 && (ask.tool_choice === 'required' || typeof ask.tool_choice === 'object')

export const toolsOf = (ask: Ask) => (ask.tool_choice === 'none' ? [] : (ask.tools ?? []))

/** The same conversation with what the system says put before what the user says first, and speakers who take turns. */
function simpler(messages: Ask['messages']): Ask['messages'] {
  const out: Ask['messages'] = []
  for (const message of messages) {
    const said = message.role === 'system' ? { role: 'user' as const, content: message.content } : message
    const last = out.at(-1)
    if (last?.role === 'user' && said.role === 'user') last.content += `\n\n${said.content}`
    else out.push({ ...said })
  }
  return out
}
