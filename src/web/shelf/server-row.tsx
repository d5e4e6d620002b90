import { useState } from 'react'
import type { EndpointInfo } from '../../wire/model.ts'
import { useApp } from '../live/app.ts'
import { canStart, nameOf } from '../state/fault-ways.ts'
import { endpointTitle, stateWords } from '../state/endpoint-words.ts'
import { hostOf } from '../state/model-line.ts'
import { faultText, fixText } from '../words/titles.ts'
import { say, sayCount } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'

/** A server of models in one line: whether it is there, and a button that starts it if it is not and belongs here. */
export function ServerRow({ endpoint }: { endpoint: EndpointInfo }) {
  const { shelf } = useApp()
  const { asking, refused, ask } = useAsking()
  const [now] = useState(() => new Date())
  const there = endpoint.state !== 'down'
  // Of the ports on which llama.cpp is looked for only one is the one that PKN would use.
  const service = there || (endpoint.kind === 'llama' && endpoint.lookedFor === true) ? null : canStart(endpoint)
  return (
    <li data-testid="server" className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[13.5px]">
      <span
        className={`size-2 flex-none rounded-full ${there ? 'bg-good' : endpoint.lookedFor ? 'bg-rule' : 'bg-bad'}`}
      />
      <p className="figures min-w-0 flex-1 basis-52 break-words text-soft">
        <span className="mr-2 font-[560] text-ink">{endpointTitle(endpoint)}</span>
        {there
          ? sayCount(endpoint.models.length, 'is here with 1 model', 'is here with {n} models')
          : endpoint.lookedFor === true
            ? say('not found at {host}', { host: hostOf(endpoint.url) })
            : stateWords(endpoint, now).text}
      </p>
      {service !== null && (
        <button type="button" className="button" disabled={asking} onClick={() => ask(() => shelf.start(service))}>
          <Icon name="play" className="size-4" />
          {asking ? say('Starting {name}…', { name: nameOf(service) }) : say('Start {name}', { name: nameOf(service) })}
        </button>
      )}
      {refused !== null && (
        <p role="alert" className="w-full pl-5 text-[13px] break-words text-bad">
          {faultText(refused)} <span className="text-soft">{fixText(refused)}</span>
        </p>
      )}
    </li>
  )
}
