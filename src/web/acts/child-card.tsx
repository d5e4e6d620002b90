import './acts.css'
import { useEffect, useMemo } from 'react'
import type { Part } from '../../wire/fold.ts'
import type { RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { cell, useCell, type Cell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { elapsed, took } from '../state/wording.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { AnswerBody } from '../view/answer.tsx'
import { Disclosure } from '../view/disclosure.tsx'
import { StatusLine } from '../view/status-line.tsx'
import { agentTitle } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Signs } from './verbatim.tsx'

type ChildPart = Extract<Part, { kind: 'child' }>

/** A run that another agent works on: whose, what for, how it stands; opened, its own log. It opens by itself when it asks a person. */
export function ChildCard({ part, since, ended }: { part: ChildPart; since: number; ended: boolean }) {
  const { asks, machine } = useApp()
  const asking = useCell(asks.open).some(({ run }) => run === part.run)
  const { agents } = useCell(machine)
  const title = agentTitle(agents.find(({ name }) => name === part.agent)?.title ?? part.agent)
  const over = part.reason !== null
  const words = {
    done: say('done'),
    failed: say('failed'),
    cancelled: say('stopped'),
    interrupted: say('not finished'),
  }
  return (
    <div className="act-child" data-testid="child">
      <Disclosure
        openNow={asking}
        side={
          over ? (
            <>
              <span className={part.reason === 'done' ? 'sr-only' : undefined}>{words[part.reason ?? 'done']} </span>
              {took(part.to - part.from)}
            </>
          ) : ended ? (
            say('not finished')
          ) : asking ? (
            say('waits for you')
          ) : (
            <Works from={since + part.from} />
          )
        }
        head={
          <>
            <AgentMark agent={part.agent} small />
            <span className="act-name">
              <strong>{title}</strong> <Signs text={part.task ?? say('works on a part of this')} />
            </span>
          </>
        }
      >
        <Inner run={part.run} />
      </Disclosure>
    </div>
  )
}

const Works = ({ from }: { from: number }) => say('at work, {time}', { time: elapsed(useNow() - from) })

function Inner({ run }: { run: RunId }) {
  const { readLog } = useApp()
  const read = useMemo(() => ({ leave: new AbortController(), view: cell<Cell<RunView> | null>(null) }), [])
  useEffect(() => {
    read.view.set(readLog(run, read.leave.signal))
    return () => read.leave.abort()
  }, [run, read, readLog])
  const view = useCell(read.view)
  return <div className="act-inner">{view === null ? null : <Told view={view} />}</div>
}

function Told({ view }: { view: Cell<RunView> }) {
  const live = isLive(useCell(view))
  const { missing } = view.get()
  if (missing !== null) return <p className="act-answered">{say('Its log is not there any more.')}</p>
  return (
    <>
      <AnswerBody view={view} />
      {live && <StatusLine view={view} />}
    </>
  )
}
