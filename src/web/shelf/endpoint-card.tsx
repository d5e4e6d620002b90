import type { EndpointInfo, Pace } from '../../wire/model.ts'
import type { InstalledModel } from '../../wire/shelf.ts'
import { endpointTitle, stateWords, type StateWords } from '../state/endpoint-words.ts'
import { hostOf } from '../state/model-line.ts'
import { Icon } from '../view/icons.tsx'
import { ModelRow } from './model-row.tsx'
import { say, sayCount } from '../words/say.ts'
import type { Paces } from './use-paces.ts'

const NONE: readonly Pace[] = []
const DOT: Record<StateWords['tone'], string> = { good: 'bg-good', work: 'bg-accent', rest: 'bg-rule', bad: 'bg-bad' }

/** A server of models: how it is, in words, and what it has. */
export function EndpointCard(props: {
  endpoint: EndpointInfo
  usual: string | null
  installed: readonly InstalledModel[]
  paces: Paces
  now: Date
}) {
  const { endpoint, usual, installed, paces, now } = props
  const { tone, text } = stateWords(endpoint, now)
  const title = endpointTitle(endpoint)
  return (
    <section
      aria-label={title}
      data-testid="endpoint"
      className={`overflow-hidden rounded-2xl border bg-raise ${endpoint.local ? 'border-line' : 'border-away'}`}
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1 px-5 pt-4 pb-3 phone:px-4">
        <span className={`mt-[7px] size-2 flex-none rounded-full ${DOT[tone]}`} />
        <div className="min-w-0 flex-1 basis-40">
          <h3 className="text-[15px] font-[560] break-words">{title}</h3>
          <p className="figures mt-0.5 text-[13.5px] break-words text-soft">{text}</p>
          {endpoint.kind === 'engine' && paces.idleMinutes !== null && endpoint.models.length > 0 && (
            <p className="mt-0.5 text-[13px] text-faint">
              {sayCount(
                paces.idleMinutes,
                'A model’s memory is given back after 1 minute without use.',
                'A model’s memory is given back after {n} minutes without use.',
              )}
            </p>
          )}
        </div>
        {endpoint.local ? (
          <span className="text-[12.5px] break-all text-faint phone:w-full phone:pl-5">
            {endpoint.kind === 'engine' ? say('on this machine') : hostOf(endpoint.url)}
          </span>
        ) : (
          <span className="inline-flex items-center gap-1.5 rounded-full bg-away-wash py-0.5 pr-2.5 pl-1.5 text-[12.5px] text-away phone:ml-5">
            <Icon name="away" className="size-4" />
            {say('Sends words to {host}', { host: hostOf(endpoint.url) })}
          </span>
        )}
      </div>
      {endpoint.models.length > 0 && (
        <ul>
          {endpoint.models.map((model) => (
            <ModelRow
              key={model.name}
              model={model}
              local={endpoint.local}
              usual={model.name === usual}
              file={installed.find(({ name }) => name === model.name) ?? null}
              paces={
                paces.models.find((one) => one.endpoint === endpoint.name && one.model === model.name)?.paces ?? NONE
              }
            />
          ))}
        </ul>
      )}
      {endpoint.models.length === 0 && (
        <p className="px-5 pb-4 pl-10 text-[13.5px] text-faint phone:px-4">{say('It lists no model yet.')}</p>
      )}
    </section>
  )
}
