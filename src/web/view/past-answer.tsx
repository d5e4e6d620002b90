import type { ReactNode } from 'react'
import type { Message } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { usePastRecalls } from '../live/past-recalls.ts'
import { Cited } from './cited.tsx'
import { MarkdownLater, PastDeedsLater, RecalledLater, SourcesLater } from './later.tsx'
import { SentTo } from './away.tsx'
import { AgentMark } from './agent-mark.tsx'
import { CopyButton } from './copy-button.tsx'
import { FaultCard } from './fault-card.tsx'
import { Icon } from './icons.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { messageKeys } from './message-keys.ts'
import { NotAsked, Note } from './note.tsx'
import { say } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'

/** An answer of an earlier visit, from the history: only its words, until one asks how it came about. */
export function PastAnswer(props: {
  place: string
  message: Message
  again: () => void
  reveal: () => void
  actions: (cut: boolean) => ReactNode
}) {
  const { place, message, again, reveal, actions } = props
  const box = useKeptFocus<HTMLElement>(place)
  const { machine, panels } = useApp()
  const { agents } = useCell(machine)
  const title = agentTitle(agents.find((agent) => agent.name === message.agent)?.title ?? message.agent ?? 'PKN')
  const { recalls, load } = usePastRecalls(message)
  const deeds = message.did != null && message.did.length > 0 && <PastDeedsLater run={message.run} did={message.did} />
  const open = () => {
    reveal()
    panels.set({ ...panels.get(), trace: true, traced: message.run, look: 'story' })
  }
  return (
    <article
      aria-label={say('Answer of {agent}', { agent: title })}
      data-testid="answer"
      ref={box}
      className="space-y-3"
      {...messageKeys}
    >
      <div className="flex min-h-8 items-center gap-2">
        <AgentMark agent={message.agent ?? 'general'} />
        <span className="text-[15px] font-[560]">{title}</span>
      </div>
      {message.remote !== null && <SentTo hosts={message.remote.split(', ')} />}
      {message.text === '' && deeds}
      {message.text !== '' && (
        // What any of it leads to is read once one asks for it.
        <div className="space-y-3" onClickCapture={load}>
          <Cited recalls={recalls}>
            {recalls.length > 0 && <RecalledLater recalls={recalls} />}
            {deeds}
            <div data-testid="text">
              <MarkdownLater text={message.text} live={false} />
            </div>
            {recalls.length > 0 && <SourcesLater text={message.text} recalls={recalls} />}
          </Cited>
        </div>
      )}
      {message.reason === 'cancelled' &&
        (message.agent === null && message.text === '' ? (
          <NotAsked again={again} />
        ) : (
          <Note icon="stop">{say('Stopped by you. What was written is kept.')}</Note>
        ))}
      {message.fault !== null && <FaultCard fault={message.fault} run={message.run} again={again} />}
      <div className="-ml-2 flex flex-wrap items-center gap-x-1 text-[13px] text-faint">
        {message.text !== '' && <CopyButton text={message.text} label={say('Copy answer')} />}
        {actions(message.text !== '' && (message.reason !== 'done' || message.finish === 'length'))}
        <button type="button" className="quiet" data-key="t" onClick={open}>
          <Icon name="pulse" className="size-[15px]" />
          {say('How it came about')}
        </button>
        <p className="px-2">{message.model}</p>
      </div>
    </article>
  )
}
