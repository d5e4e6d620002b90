import { useState } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { agentTitle } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { useAgent } from './agent-calls.ts'
import { AgentForm } from './agent-form.tsx'
import { asAnother, EMPTY, fieldsOf } from './form-draft.ts'
import { Title } from './title.tsx'
import { ToAll } from './part.tsx'

/** An agent of the user's own is changed, or a built-in one is made theirs. */
export function EditAgent({ name }: { name: string }) {
  const answer = useAgent(name)
  // What the form began from stays what it compares with, until it is told otherwise.
  const [first, setFirst] = useState<AgentDetail | null>(null)
  if (answer === null) return <Waiting />
  if (!answer.ok) return <Refused answer={answer} />
  const now = answer.value
  const begun = first ?? now
  if (first === null) setFirst(now)
  const title = agentTitle(now.title)
  return (
    <>
      <ToAll />
      <div className="mt-3">
        <Title>
          {now.source === 'user' ? say('Edit {agent}', { agent: title }) : say('Your own {agent}', { agent: title })}
        </Title>
      </div>
      {now.source === 'built-in' && (
        <p className="mt-1.5 max-w-160 text-[15px] text-soft">
          {say('Your version takes its place. The one that comes with PKN stays below it, and you can go back to it.')}
        </p>
      )}
      <AgentForm
        key={begun.version}
        name={name}
        begun={fieldsOf(begun)}
        version={begun.version}
        now={now}
        renew={setFirst}
      />
    </>
  )
}

/** A new one: empty, or from another. */
export function NewAgent({ from }: { from: string | null }) {
  return (
    <>
      <ToAll />
      <div className="mt-3">
        <Title>{say('Your own agent')}</Title>
      </div>
      <p className="mt-1.5 max-w-160 text-[15px] text-soft">
        {say('Say what it is for, how it should answer, and show it by a few messages what it should be asked.')}
      </p>
      {from === null ? <AgentForm name={null} begun={EMPTY} version={null} now={null} /> : <From name={from} />}
    </>
  )
}

function From({ name }: { name: string }) {
  const answer = useAgent(name)
  const [first, setFirst] = useState<AgentDetail | null>(null)
  if (answer === null) return <Waiting />
  if (!answer.ok) return <Refused answer={answer} />
  if (first === null) setFirst(answer.value)
  return <AgentForm name={null} begun={EMPTY} offered={asAnother(first ?? answer.value)} version={null} now={null} />
}

const Waiting = () => (
  <p className="mt-6 text-[15px] text-soft" aria-busy="true">
    {say('Reading the agent…')}
  </p>
)
const Refused = ({ answer }: { answer: { ok: false; fault: Parameters<typeof FaultCard>[0]['fault'] } }) => (
  <>
    <ToAll />
    <div className="mt-6">
      <FaultCard fault={answer.fault} />
    </div>
  </>
)
