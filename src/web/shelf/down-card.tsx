import type { EndpointInfo } from '../../wire/model.ts'
import { endpointTitle, stateWords } from '../state/endpoint-words.ts'

/** Servers that were looked for and are not there: why, and what to do, each advice once. */
export function DownCard({ endpoints, now }: { endpoints: readonly EndpointInfo[]; now: Date }) {
  const told = endpoints.map((endpoint) => ({ endpoint, words: stateWords(endpoint, now) }))
  const advice = new Set(told.flatMap(({ words }) => (words.advice === null ? [] : [words.advice])))
  return (
    <section aria-label="Not there" className="rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4">
      <ul className="space-y-1.5">
        {told.map(({ endpoint, words }) => (
          <li
            key={endpoint.name}
            data-testid="endpoint"
            className="flex items-baseline gap-3 text-[13.5px] phone:items-start"
          >
            <span className="size-2 flex-none -translate-y-px rounded-full bg-bad phone:mt-1.5" />
            <p className="figures min-w-0 break-words text-soft">
              <span className="mr-2 font-[560] text-ink">{endpointTitle(endpoint)}</span>
              {words.text}
            </p>
          </li>
        ))}
      </ul>
      <ul className="mt-3 space-y-1 border-t border-line pt-3 text-[13px] break-words text-soft">
        {[...advice].map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </section>
  )
}
