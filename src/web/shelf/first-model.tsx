import { goToModels } from '../live/address.ts'
import { Recommended, pullOf } from './catalogue.tsx'
import { PullProgress } from './pull-row.tsx'
import { useShelf } from './use-shelf.ts'

/** On the empty page of a machine without a real model: the one that suits it, and how far its way is. */
export function FirstModel() {
  const { catalogue, hardware, pulls, fault, read } = useShelf()
  const model = catalogue.find(({ recommended }) => recommended)
  const pull = model === undefined ? null : pullOf(model, pulls)
  const others = pulls.filter((other) => other !== pull && other.state !== 'done')
  if (fault !== null) return <p className="mt-4 text-[14px] text-soft">{fault.message}</p>
  if (!read) return <div className="min-h-60" aria-busy="true" />
  return (
    <div className="mt-4" data-testid="first-model">
      {model !== undefined && !model.installed && (
        <Recommended
          model={model}
          hardware={hardware}
          pull={pull}
          progress={
            pull === null || pull.state === 'done' ? undefined : (
              <div className="mt-4">
                <PullProgress pull={pull} />
              </div>
            )
          }
        />
      )}
      {others.map((each) => (
        <div key={each.id} className="mt-3 rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4">
          <PullProgress pull={each} />
        </div>
      ))}
      <button type="button" className="quiet mt-2 -ml-2" onClick={goToModels}>
        All models, and other ways to get one
      </button>
    </div>
  )
}
