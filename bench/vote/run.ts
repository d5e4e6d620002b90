/**
 * When does voting help? node bench/vote/run.ts [--url http://host/v1 --model NAME [--key KEY]] [--file model.gguf]
 *   [--reason after|before|none] [--seed N] [--at-once N] [--minutes N] [--keep answers.json]
 * Without --url PKN's own engine is started, with the file given. Questions that the time did not suffice for are left out; with
 * --keep they are gone on with by the next call of the same.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { formWords } from '../../src/core/formed.ts'
import { ballot, ballotFormat } from '../../src/core/vote.ts'
import type { Format } from '../../src/wire/message.ts'
import { pknEngine } from '../engine/servers.ts'
import { builtInAgents } from '../routing/prompts.ts'
import { put, readGiven, report, type Answered, type Given, type Put } from './measure.ts'
import { QUESTIONS } from './questions.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    model: { type: 'string', default: 'default' },
    key: { type: 'string' },
    file: { type: 'string' },
    reason: { type: 'string', default: 'after' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
  },
})
if (values.url === undefined && values.file === undefined)
  throw new Error('Name an endpoint (--url) or a model (--file).')
const server =
  values.url === undefined
    ? await pknEngine({ model: values.file!, threads: 1, sequences: 5 * Number(values['at-once']), context: 1024 })
    : null
const url = values.url ?? `${server!.url}/v1`
const agents = await builtInAgents()
const usual = agents.find(({ name }) => name === 'general') ?? agents[0]!
const voters = [usual, ...agents.filter((agent) => agent !== usual)].slice(0, 5)

/** `before`: the reason comes before the choice, so that the model has thought by then; `none`: there is no reason. */
function formOf(options: readonly string[]): Format {
  const { name, schema } = ballotFormat(options)
  const { choice, reason } = schema.properties ?? {}
  const fields =
    values.reason === 'before' ? { reason, choice } : values.reason === 'none' ? { choice } : { choice, reason }
  const properties = Object.fromEntries(
    Object.entries(fields).flatMap(([key, to]) => (to === undefined ? [] : [[key, to]])),
  )
  return { name, schema: { ...schema, properties, required: Object.keys(properties) } }
}

async function ask(one: Put, instructions: string, temperature: number, seed: number): Promise<Given> {
  const format = formOf(one.options)
  const question = ballot(one.item.question, one.options, one.item.context ?? null)
  const began = performance.now()
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(values.key === undefined ? {} : { authorization: `Bearer ${values.key}` }),
    },
    body: JSON.stringify({
      model: values.model,
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: `${question}\n\n${formWords(format)}` },
      ],
      temperature,
      seed,
      max_tokens: 400,
      response_format: { type: 'json_schema', json_schema: { ...format, strict: false } },
    }),
  })
  if (!response.ok) throw new Error(`${response.status}: ${(await response.text()).slice(0, 500)}`)
  // What a server answers is looked at field by field.
  const body = (await response.json()) as {
    choices?: { message?: { content?: string | null } }[]
    usage?: { completion_tokens?: number }
  }
  const text = body.choices?.[0]?.message?.content ?? ''
  return readGiven(text, one.options, { tokens: body.usage?.completion_tokens ?? 0, ms: performance.now() - began })
}

async function askAll(one: Put, nth: number): Promise<Answered> {
  const seed = (k: number) => Number(values.seed) * 100_000 + nth * 100 + k
  const alone = await ask(one, usual.instructions, 0, seed(0))
  const of = async (asked: readonly { instructions: string }[], from: number): Promise<Given[]> => {
    const given: Given[] = []
    for (const [k, { instructions }] of asked.entries()) given.push(await ask(one, instructions, 0.8, seed(from + k)))
    return given
  }
  return {
    ...one,
    alone,
    agents: await of(voters, 1),
    same: await of(
      Array.from({ length: 5 }, () => usual),
      11,
    ),
  }
}

const began = performance.now()
const items = put(QUESTIONS, Number(values.seed))
const kept: Record<string, Answered> =
  values.keep !== undefined && existsSync(values.keep)
    ? JSON.parse(readFileSync(values.keep, 'utf8')) // as it is written below
    : {}
const keyOf = (nth: number) => [values.file ?? `${url} ${values.model}`, values.reason, values.seed, nth].join(' ')
const answered: Answered[] = [...items.keys()].flatMap((nth) => kept[keyOf(nth)] ?? [])
const over = began + Number(values.minutes) * 60_000
const waiting = [...items.entries()].filter(([nth]) => kept[keyOf(nth)] === undefined)
try {
  await Promise.all(
    Array.from({ length: Number(values['at-once']) }, async () => {
      for (let next = waiting.shift(); next !== undefined && performance.now() < over; next = waiting.shift()) {
        const [nth, one] = next
        const all = await askAll(one, nth)
        answered.push(all)
        kept[keyOf(nth)] = all
        if (values.keep !== undefined) writeFileSync(values.keep, JSON.stringify(kept))
        process.stderr.write('.')
      }
    }),
  )
} finally {
  await server?.stop()
}
process.stderr.write('\n')
console.log(
  `reason: ${values.reason}, seed ${values.seed}, ${((performance.now() - began) / 60_000).toFixed(1)} minutes\n`,
)
console.log(report(answered))
