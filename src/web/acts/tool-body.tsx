import './acts.css'
import type { ReactNode } from 'react'
import type { Json } from '../../wire/event.ts'
import type { Result } from '../../wire/fold.ts'
import { callWords } from '../state/call-words.ts'
import { plainOutput } from '../state/verbatim.ts'
import { say } from '../words/say.ts'
import { LiveOutput } from './live-output.tsx'
import { ShownView } from './shown.tsx'
import { Verbatim } from './verbatim.tsx'
import { WholeOutput } from './whole-output.tsx'

/** `input` is what was done: a person may have changed it. */
export type Made = { tool: string; input: Json; text: string; result: Result | null }
/** So much of what a call had said before it failed. */
const MOST_SAID = 8000

/** What went into a call of a tool, what it says while it runs, and what came of it: data, shown as text, and a change as lines. */
export function ToolBody({ made, brief = false }: { made: Made; brief?: boolean }) {
  const { tool, input, text, result } = made
  return (
    <div className={brief ? 'act-box act-brief' : 'act-box'}>
      {!wroteFile(result) && (
        <Part name={say('Input')}>
          <Verbatim name={say('Input')} text={asText(input)} />
        </Part>
      )}
      {result === null && text !== '' && <LiveOutput text={plainOutput(text)} />}
      {result !== null && !result.ok && isLost(text, result.output) && (
        <Part name={say('Output')}>
          <Verbatim name={say('Output')} text={plainOutput(text.slice(-MOST_SAID))} />
        </Part>
      )}
      {result !== null && <Came tool={tool} input={input} result={result} />}
    </div>
  )
}

/** What its change of a file is told by is the change. */
export const wroteFile = (result: Result | null): boolean => result?.ok === true && result.shown?.kind === 'diff'

/** What it had said stands nowhere in what came of it. */
const isLost = (text: string, output: Json): boolean =>
  text.trim() !== '' && !(typeof output === 'string' && output.includes(text.trim().slice(-100)))

function Came({ tool, input, result }: Pick<Made, 'tool' | 'input'> & { result: Result }) {
  const { shown, output, rest, ok } = result
  const name = ok ? say('Result') : say('What went wrong')
  return (
    <>
      {shown === undefined ? (
        <Part name={name}>
          <Verbatim name={name} text={plainOutput(asText(output))} />
        </Part>
      ) : (
        <div className="act-part">
          <ShownView shown={shown.kind === 'text' ? { ...shown, text: plainOutput(shown.text) } : shown} name={name} />
        </div>
      )}
      {rest !== undefined && <WholeOutput rest={rest} name={callWords(tool, input)} />}
    </>
  )
}

const Part = ({ name, children }: { name: string; children: ReactNode }) => (
  <section className="act-part" aria-label={name}>
    <h4>{name}</h4>
    {children}
  </section>
)

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))
