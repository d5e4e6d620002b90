import type { Json } from '../../wire/event.ts'
import type { Part } from '../../wire/fold.ts'
import { took } from '../state/wording.ts'
import { Disclosure } from './disclosure.tsx'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

type ToolPart = Extract<Part, { kind: 'tool' }>

/** One call of a tool: what it was given, what it says while it runs, what came of it. Everything in it is data, shown as text. */
export function ToolCard({ part, ended }: { part: ToolPart; ended: boolean }) {
  const { result } = part
  const state = result === null ? (ended ? 'unfinished' : 'running') : result.ok ? 'done' : 'failed'
  const words = {
    unfinished: say('not finished'),
    running: say('running'),
    done: say('done'),
    failed: say('failed'),
  }[state]
  return (
    <Disclosure
      testId="tool"
      side={result === null ? words : took(part.to - part.from)}
      openNow={state === 'running' && part.text !== ''}
      head={
        <>
          <Icon name="tool" className="size-[17px] text-faint" />
          <span className="font-mono text-[13px] text-ink">{part.tool}</span>
          <span className="min-w-0 truncate text-[13px] text-faint">{summary(part.input)}</span>
          {state === 'done' && <Icon name="check" className="size-4 text-good" />}
          {state === 'failed' && <Icon name="cross" className="size-4 text-bad" />}
          <span className="sr-only">{words}</span>
        </>
      }
    >
      <div className="my-1 overflow-hidden rounded-xl border border-line bg-sunk text-[13px]">
        <Plain name={say('Input')} text={shown(part.input)} />
        {part.text !== '' && (
          <Plain name={result === null ? say('Output so far') : say('Output')} text={part.text.slice(-8000)} />
        )}
        {result !== null && <Plain name={result.ok ? say('Result') : say('Error')} text={shown(result.output)} />}
      </div>
    </Disclosure>
  )
}

function Plain({ name, text }: { name: string; text: string }) {
  return (
    <section className="border-line not-first:border-t" aria-label={name}>
      <h4 className="px-4 pt-2.5 text-[12px] text-faint">{name}</h4>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre
        tabIndex={0}
        className="max-h-72 overflow-auto px-4 pt-1 pb-3 font-mono text-[12.5px] leading-relaxed whitespace-pre-wrap text-soft"
      >
        {text}
      </pre>
    </section>
  )
}

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))

function summary(input: Json): string {
  if (input === null || typeof input !== 'object') return String(input)
  return Object.values(input)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(' ')
    .slice(0, 120)
}
