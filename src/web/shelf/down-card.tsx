import type { EndpointInfo } from '../../wire/model.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { stateWords } from '../state/endpoint-words.ts'
import { canStart } from '../state/fault-ways.ts'
import { wishFor } from '../state/model-line.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { LookAgain } from './look-again.tsx'
import { ServerRow } from './server-row.tsx'

/** Servers that are configured and not there: which, since when and why, what to do, and buttons that do it. */
export function DownCard({ endpoints, now }: { endpoints: readonly EndpointInfo[]; now: Date }) {
  // What a button does needs no words besides.
  const advice = new Set(
    endpoints.flatMap((endpoint) => (canStart(endpoint) === null ? (stateWords(endpoint, now).advice ?? []) : [])),
  )
  return (
    <section aria-label={say('Not there')} className="rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4">
      <ul className="space-y-2.5">
        {endpoints.map((endpoint) => (
          <ServerRow key={endpoint.name} endpoint={endpoint} />
        ))}
      </ul>
      {advice.size > 0 && (
        <ul className="mt-3 space-y-1 border-t border-line pt-3 text-[13px] break-words text-soft">
          {[...advice].map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-end gap-x-2">
        <LookAgain />
        <EngineInstead />
      </div>
    </section>
  )
}

/** PKN's own engine can answer meanwhile, where it has a model. */
function EngineInstead() {
  const { machine, talk, toChat } = useApp()
  const { endpoints } = useCell(machine)
  const wish = useCell(talk.wish)
  const engine = endpoints.find(({ kind, state }) => kind === 'engine' && state !== 'down')
  const model = engine?.models.find(({ practice }) => !practice)
  if (model === undefined || wish.model === wishFor(model)) return null
  return (
    <button
      type="button"
      className="button"
      title={model.name}
      onClick={() => {
        talk.wish.set({ ...wish, model: wishFor(model) })
        toChat()
      }}
    >
      <Icon name="chip" className="size-4" />
      {say('Use PKN’s own engine instead')}
    </button>
  )
}
