import type { Json } from '../wire/event.ts'
import type { Draft, Part } from '../wire/fold.ts'
import type { TurnMessage } from './model-ports.ts'

/** What a step said, and what its calls came to. */
type Taken = { said: Extract<TurnMessage, { role: 'assistant' }>; results: Extract<TurnMessage, { role: 'tool' }>[] }
/** `outputs` are shortened, `steps` are left out. */
export type Fitted = { messages: TurnMessage[]; outputs: number; steps: number }

/** What is left of an older output. */
const LINES = 3
const CHARACTERS = 240
/** So many are shortened at once, so that a backend can keep what it has read for some steps. */
const AT_ONCE = 4
/** What is left of a long text in the input of an older call. */
const INPUT = 200

/** The steps of the run that are complete, as the model said them and as their tools answered. */
export function takenSteps(draft: Draft): Taken[] {
  return draft.steps
    .filter((step) => step.finish === 'tools')
    .map(({ step }) => {
      const parts = draft.parts.filter((part) => part.step === step)
      const calls = parts.filter((part) => part.kind === 'tool')
      const join = (kind: 'text' | 'thought') =>
        parts.reduce((sum, part) => (part.kind === kind ? sum + part.text : sum), '')
      const thought = join('thought')
      return {
        said: {
          role: 'assistant',
          text: join('text'),
          ...(thought === '' ? {} : { thought }),
          calls: calls.map(({ call, tool, input }) => ({ id: idOf(call), tool, input })),
        },
        results: calls.map((part) => ({ role: 'tool', call: idOf(part.call), text: outputText(part) })),
      }
    })
}

/** Mistral and its templates take nothing but nine letters and digits; all others take those too. */
const idOf = (call: string): string => (call.startsWith('call_') ? call.slice(-9) : call)

/**
 * The steps as far as there is room for them. Older outputs are cut to their first lines, the oldest first; then the inputs of older calls
 * and what was thought before them; then the oldest steps are left out; and only then is the newest shortened.
 */
export function fitted(taken: readonly Taken[], room: number, cost: (message: TurnMessage) => number): Fitted {
  const all = (steps: readonly Taken[]) => steps.flatMap(({ said, results }): TurnMessage[] => [said, ...results])
  const sum = (steps: readonly Taken[]) => all(steps).reduce((total, message) => total + cost(message), 0)
  const done = (steps: readonly Taken[], outputs: number, left: number): Fitted => ({
    messages: all(steps),
    outputs,
    steps: left,
  })
  if (sum(taken) <= room) return done(taken, 0, 0)
  const older = taken.length - 1
  const long = taken
    .slice(0, older)
    .flatMap(({ results }, step) => results.flatMap(({ text }, nth) => (brief(text) === text ? [] : [{ step, nth }])))
  const shortened = (many: number): Taken[] => {
    const gone = new Set(long.slice(0, many).map(({ step, nth }) => `${step} ${nth}`))
    return taken.map(({ said, results }, step) => ({
      said,
      results: results.map((result, nth) =>
        gone.has(`${step} ${nth}`) ? { ...result, text: brief(result.text) } : result,
      ),
    }))
  }
  for (let many = AT_ONCE; many < long.length + AT_ONCE; many += AT_ONCE) {
    const steps = shortened(many)
    if (sum(steps) <= room) return done(steps, Math.min(many, long.length), 0)
  }
  const plain = shortened(long.length).map((step, i) => (i < older ? { ...step, said: plainer(step.said) } : step))
  if (sum(plain) <= room) return done(plain, long.length, 0)
  let left = 0
  while (left < older && sum(plain.slice(left)) > room) left = Math.min(older, left + AT_ONCE)
  const rest = plain.slice(left)
  if (sum(rest) <= room) return done(rest, long.length, left)
  const last = rest.map(({ said, results }) => {
    const each = Math.max(0, (room - cost(plainer(said))) / Math.max(1, results.length))
    return { said: plainer(said), results: results.map((result) => within(result, each, cost)) }
  })
  return done(last, long.length + (taken.at(-1)?.results.length ?? 0), left)
}

function outputText(part: Extract<Part, { kind: 'tool' }>): string {
  const output: Json = part.result?.output ?? null
  return typeof output === 'string' ? output : JSON.stringify(output)
}

/** The first lines of an output, and that there was more. */
function brief(text: string): string {
  const head = text.split('\n', LINES).join('\n').slice(0, CHARACTERS)
  if (text.length - head.length < 80) return text
  return `${head}\n[PKN] The rest of this older output is left out here. Call the tool again if it is needed.`
}

/** The newest output, so much of it as there is room for. */
function within<M extends TurnMessage>(message: M, room: number, cost: (message: TurnMessage) => number): M {
  if (cost(message) <= room) return message
  const share = Math.max(0, room / cost(message) - 0.05)
  const head = message.text.slice(0, Math.max(80, Math.floor(message.text.length * share) - 100))
  return { ...message, text: `${head}\n[PKN] The rest is left out here: the model cannot read more at once.` }
}

/** Without its thought, and with the long texts of its calls cut. */
function plainer({ role, text, calls = [] }: Taken['said']): Taken['said'] {
  return { role, text, calls: calls.map((call) => ({ ...call, input: shorter(call.input) })) }
}

function shorter(value: Json): Json {
  if (typeof value === 'string')
    return value.length > INPUT + 40 ? `${value.slice(0, INPUT).toWellFormed()}… (cut here)` : value
  if (Array.isArray(value)) return value.map(shorter)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorter(inner)]))
}
