import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { modelContract } from './contract.ts'
import { ollamaModel } from './ollama.ts'
import { openaiModel } from './openai.ts'

/** Those of providers that speak a language of their own are replayed where their bridge is. */
const files = readdirSync(join(import.meta.dirname, 'fixtures')).filter((file) => !/^(anthropic|google)/.test(file))
const ending = (end: string, contentType: string) =>
  files.filter((file) => file.endsWith(end)).map((file) => ({ file, contentType }))

modelContract('the OpenAI dialect', ending('.sse', 'text/event-stream'), (url, file) =>
  openaiModel({ name: 'server', url: `${url}/v1`, kind: file.startsWith('llama') ? 'llama' : 'openai' }),
)
modelContract('the Ollama dialect', ending('.ndjson', 'application/x-ndjson'), (url) =>
  ollamaModel({ name: 'server', url }),
)
