import { z } from 'zod'

const Part = z.object({ type: z.literal('text'), text: z.string() }).transform((part) => part.text)
const content = z
  .union([z.string(), z.array(Part).transform((parts) => parts.join(''))])
  .nullish()
  .transform((text) => text ?? '')

/** Templates want the arguments as an object; what can't be read as one stays a string. */
const args = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((given) => {
  if (typeof given !== 'string') return given
  try {
    const json: unknown = JSON.parse(given)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : given
  } catch {
    return given
  }
})

const Call = z.object({
  id: z.string().optional(),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1).max(200), arguments: args }),
})
const Said = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']).transform(() => 'system' as const), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({
    role: z.literal('assistant'),
    content,
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(Call).nullish(),
  }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string().optional(), name: z.string().optional() }),
])
const ToolGiven = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().min(1).max(200),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
})
const Schema = z.record(z.string(), z.unknown())
const Form = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object'), schema: Schema.optional() }),
  z.object({ type: z.literal('json_schema'), json_schema: z.object({ schema: Schema.optional() }) }),
])
const whole = z.int().min(1).max(1_048_576)
const stop = z.string().min(1).max(200)

/** A chat request. What is not named here never comes further than this. */
export const Ask = z.object({
  model: z.string().max(500).nullish(),
  messages: z.array(Said).min(1).max(10_000),
  tools: z.array(ToolGiven).max(256).nullish(),
  tool_choice: z.unknown().optional(),
  response_format: Form.nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(5).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).max(100_000).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repeat_penalty: z.number().min(0.5).max(2).nullish(),
  seed: z.int().min(-1).max(4_294_967_295).nullish(),
  max_tokens: whole.nullish(),
  max_completion_tokens: whole.nullish(),
  stop: z.union([stop.transform((s) => [s]), z.array(stop).max(16)]).nullish(),
  chat_template_kwargs: z.object({ enable_thinking: z.boolean().nullish() }).nullish(),
})
export type Ask = z.infer<typeof Ask>

/** The schema of the JSON that the answer is to be; null where it may be any text. */
export function formOf({ response_format: form }: Ask): { [key: string]: unknown } | null {
  switch (form?.type) {
    case 'json_object':
      return form.schema ?? { type: 'object' }
    case 'json_schema':
      return form.json_schema.schema ?? { type: 'object' }
    case 'text':
    case undefined:
      return null
  }
}

/** The shape of every refusal, as llama.cpp's server has it. */
export type Refusal = { code: number; message: string; type: string; n_prompt_tokens?: number; n_ctx?: number }
export const refusal = (code: number, type: string, message: string): Refusal => ({ code, message, type })

export function readAsk(body: string): { ok: true; ask: Ask } | { ok: false; error: Refusal } {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, error: refusal(400, 'invalid_request_error', `The body is not valid JSON: ${why}`) }
  }
  const parsed = Ask.safeParse(json)
  if (parsed.success) return { ok: true, ask: parsed.data }
  const why = parsed.error.issues
    .slice(0, 5)
    .map((i) => `${i.path.join('.') || 'body'}: ${i.message}`)
    .join('; ')
  return { ok: false, error: refusal(400, 'invalid_request_error', why) }
}
