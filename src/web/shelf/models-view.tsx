import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { EndpointInfo } from '../../wire/model.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { machineWords, notFoundWords } from '../state/endpoint-words.ts'
import { modelLine } from '../state/model-line.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { Catalogue } from './catalogue.tsx'
import { DownCard } from './down-card.tsx'
import { EndpointCard } from './endpoint-card.tsx'
import { FileRow } from './file-row.tsx'
import { GetField } from './get-field.tsx'
import { PullRow } from './pull-row.tsx'
import { usePaces } from './use-paces.ts'
import { useShelf } from './use-shelf.ts'
import { say } from '../words/say.ts'
import { ViewHead } from '../view/view-head.tsx'

/** Everything about models: what can answer now, what is on its way, and what could be had. */
export function ModelsView() {
  const { machine, toChat } = useApp()
  const models = useCell(machine)
  const paces = usePaces()
  const { read, fault, hardware, pulls, catalogue, installed } = useShelf()
  const [now] = useState(() => new Date())
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const line = modelLine(models)
  // All at once, so that nothing moves under a finger.
  const ready = models.known && (read || fault !== null)
  const [there, down, absent] = [
    models.endpoints.filter(isThere).sort((a, b) => Number(b.local) - Number(a.local)),
    models.endpoints.filter((endpoint) => !isThere(endpoint) && endpoint.lookedFor !== true),
    models.endpoints.filter((endpoint) => !isThere(endpoint) && endpoint.lookedFor === true),
  ]
  const engine = models.endpoints.find(({ kind }) => kind === 'engine')
  const served = new Set(engine?.models.map(({ name }) => name))
  const files = installed.filter(({ name }) => !served.has(name))
  return (
    <main className="min-h-0 flex-1 overflow-y-auto overscroll-contain" aria-label={say('Models')} data-testid="models">
      <div className="mx-auto w-full max-w-[52rem] px-6 pt-4 pb-16 phone:px-4">
        <ViewHead title={say('Models')} at={title} toChat={toChat} />
        <p className="mt-1.5 min-h-6 text-[15px] text-soft">{hardware !== null && machineWords(hardware)}</p>
        {fault !== null && (
          <div className="mt-6">
            <FaultCard fault={fault} />
          </div>
        )}
        {ready && (line.state === 'practice' || line.state === 'none') && (
          <p className="mt-5 flex gap-3 rounded-xl bg-warn-wash p-4 text-[14px] text-soft" data-testid="no-real-model">
            <Icon name="warn" className="mt-0.5 size-[18px] text-warn" />
            <span>
              <strong className="font-[560] text-ink">{say('There is no real model here yet.')}</strong>{' '}
              {line.state === 'practice'
                ? say(
                    'The practice model only shows how PKN works, and knows nothing. Get the one below, or start a server that has models.',
                  )
                : say('Get the one below, or start a server that has models; PKN finds it by itself.')}
            </span>
          </p>
        )}
        {ready ? (
          <>
            {pulls.length > 0 && (
              <Section title={say('On their way')}>
                <ul className="overflow-hidden rounded-2xl border border-line bg-raise">
                  {pulls.map((pull) => (
                    <PullRow key={pull.id} pull={pull} />
                  ))}
                </ul>
              </Section>
            )}
            <Section title={say('Ready')}>
              <div className="space-y-3">
                {there.map((endpoint) => (
                  <EndpointCard
                    key={endpoint.name}
                    endpoint={endpoint}
                    usual={models.model}
                    installed={endpoint.kind === 'engine' ? installed : []}
                    paces={paces}
                    now={now}
                  />
                ))}
                {files.length > 0 && (
                  <section className="rounded-2xl border border-line bg-raise" aria-label={say('Files on this disk')}>
                    <h3 className="px-5 pt-4 text-[15px] font-[560] phone:px-4">{say('Files on this disk')}</h3>
                    <ul className="mt-2 pb-2">
                      {files.map((file) => (
                        <FileRow key={file.name} file={file} />
                      ))}
                    </ul>
                  </section>
                )}
                {down.length > 0 && <DownCard endpoints={down} now={now} />}
                {absent.length > 0 && (
                  <p className="figures px-1 text-[13px] break-words text-faint" data-testid="not-found">
                    {notFoundWords(absent)}
                  </p>
                )}
                {models.endpoints.length === 0 && files.length === 0 && (
                  <p className="text-[14px] text-soft">{say('Nothing that could answer was found on this machine.')}</p>
                )}
              </div>
            </Section>
            <Section title={say('Get a model')}>
              <Catalogue models={catalogue} hardware={hardware} pulls={pulls} />
              <GetField />
            </Section>
          </>
        ) : (
          <p className="mt-9 text-[15px] text-soft" aria-busy="true">
            {say('Looking at the models of this machine…')}
          </p>
        )}
      </div>
    </main>
  )
}

const isThere = ({ state }: EndpointInfo): boolean => state !== 'down'

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-9">
      <h2 className="mb-3 text-[18px] font-[580] tracking-[-0.01em]">{title}</h2>
      {children}
    </section>
  )
}
