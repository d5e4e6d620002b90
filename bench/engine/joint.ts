/**
 * How often an answer that was cut and continued is the answer that it would have been: cut behind every character, at temperature 0.
 *
 *     node bench/engine/joint.ts --model FILE [--every 1] [--tokens 80]
 */
import { parseArgs } from 'node:util'
import { pknEngine } from './servers.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    every: { type: 'string', default: '1' },
    tokens: { type: 'string', default: '80' },
  },
})
if (values.model === undefined) {
  process.stderr.write('There is no model: name its file with --model FILE.\n')
  process.exit(2)
}
const ASKED = ['Hello', 'Count from 1 to 9.', 'Tell me a story.', 'What is the capital of France?']
type Said = { content: string; reasoning_content?: string }
type Answer = {
  choices: [{ message: Said }]
  usage: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } }
}

const engine = await pknEngine({ model: values.model, threads: 1, sequences: 2, context: 2048 })
const ask = async (content: string, begun?: Said): Promise<Answer> => {
  const messages = [{ role: 'user', content }, ...(begun === undefined ? [] : [{ role: 'assistant', ...begun }])]
  const body = { messages, temperature: 0, repeat_penalty: 1, max_tokens: Number(values.tokens) }
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${engine.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  return (await response.json()) as Answer
}
let same = 0
let cuts = 0
let read = 0
try {
  for (const question of ASKED) {
    const { message } = (await ask(question)).choices[0]
    const thought = message.reasoning_content ?? ''
    const all = thought + message.content
    for (let at = 1; at <= all.length; at += Number(values.every)) {
      if (/[\uDC00-\uDFFF]/.test(all[at] ?? '')) continue
      const begun = {
        content: all.slice(thought.length, Math.max(thought.length, at)),
        reasoning_content: thought.slice(0, at),
      }
      const { choices, usage } = await ask(question, begun)
      const [{ message: more }] = choices
      const joined = begun.reasoning_content + (more.reasoning_content ?? '') + begun.content + more.content
      cuts += 1
      read += usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens
      // Both may write as much, so the continued one comes further.
      if (joined.startsWith(all)) same += 1
      else
        process.stdout.write(
          `cut ${JSON.stringify(all.slice(Math.max(0, at - 12), at))}: ${JSON.stringify(joined.slice(at - 12, at + 40))} for ${JSON.stringify(all.slice(at - 12, at + 40))}\n`,
        )
    }
  }
  process.stdout.write(
    `${same} of ${cuts} continued answers are the uncut one (${((100 * same) / cuts).toFixed(1)} %); read ${(read / cuts).toFixed(1)} tokens for each\n`,
  )
} finally {
  await engine.stop()
}
