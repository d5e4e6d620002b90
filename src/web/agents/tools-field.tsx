import { useEffect, useState } from 'react'
import { Refusal } from '../../client/refusal.ts'
import type { ToolCard } from '../../wire/tool.ts'
import { useApp } from '../live/app.ts'
import { own } from '../live/own.ts'
import { say } from '../words/say.ts'
import { linesOf } from './form-draft.ts'

/** The tools that an agent may use: each with what it may do, how far it reaches, and what happens when it is called. */
export function ToolsField({ value, change }: { value: string; change: (tools: string) => void }) {
  const { client, reach } = useApp()
  const [cards, setCards] = useState<readonly ToolCard[] | null>(null)
  useEffect(() => {
    const read = async () => {
      try {
        setCards((await reach.surely(() => client.call('toolsList', {}))).tools)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        setCards([])
      }
    }
    own(read())
  }, [client, reach])
  const chosen = linesOf(value)
  const known = cards ?? []
  const absent = cards === null ? [] : chosen.filter((name) => !known.some((card) => card.name === name))
  const toggle = (name: string, on: boolean) =>
    change((on ? [...chosen, name] : chosen.filter((other) => other !== name)).join('\n'))
  return (
    <fieldset data-field="tools">
      <legend className="mb-1.5 text-[14.5px] font-[560]">{say('Tools')}</legend>
      <p className="text-[13px] text-faint">
        {say('What it may use. What is asked for waits for you each time, unless your rules say otherwise.')}
      </p>
      <ul className="agent-tools" aria-busy={cards === null}>
        {known.map((card) => (
          <li key={card.name}>
            <label>
              <input
                type="checkbox"
                className="tick"
                checked={chosen.includes(card.name)}
                onChange={(event) => toggle(card.name, event.target.checked)}
              />
              <span>
                <code>{card.name}</code>
                <span className="agent-tool-may">{mayWords(card)}</span>
                {card.why !== null && <span className="agent-tool-why">{card.why}</span>}
                <span className="agent-tool-about">{firstSentence(card.about)}</span>
              </span>
            </label>
          </li>
        ))}
        {absent.map((name) => (
          <li key={name}>
            <label>
              <input type="checkbox" className="tick" checked onChange={() => toggle(name, false)} />
              <span>
                <code>{name}</code>
                <span className="agent-tool-why">{say('There is no such tool now.')}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text

function mayWords({ effect, reach, decision, from }: ToolCard): string {
  const does = { read: say('looks'), write: say('writes'), run: say('runs programs') }[effect]
  const where = {
    none: '',
    workspace: say('in the folder of the chat'),
    machine: say('on this machine'),
    network: say('on the network'),
  }[reach]
  const then = { allow: say('allowed'), ask: say('asks you'), deny: say('not allowed') }[decision]
  return [`${does} ${where}`.trim(), then, ...(from === 'pkn' ? [] : [from])].join(' · ')
}
