import { goToModels } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useAsking, useShelf } from '../shelf/use-shelf.ts'
import { bytes } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { isMeant, wishWords } from './wish-words.ts'

/** What an agent would like to be answered with, in its order, and whether that is here. */
export function Wishes({ models }: { models: readonly string[] }) {
  const { machine } = useApp()
  const here = useCell(machine)
  if (models.length === 0)
    return <p className="text-[14px] text-soft">{say('Any: whichever answers by default on this machine.')}</p>
  return (
    <ol className="overflow-hidden rounded-2xl border border-line bg-raise" data-testid="wishes">
      {models.map((wish) => {
        const { text, name } = wishWords(wish)
        const found = name !== null && here.models.some((model) => isMeant(model, name))
        return (
          <li
            key={wish}
            className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1.5 border-line px-5 py-2 text-[14px] not-first:border-t phone:px-4"
          >
            <span className="min-w-0 flex-1 basis-48 break-words">{text}</span>
            {name !== null && here.known && (found ? <Here /> : <Missing name={name} />)}
          </li>
        )
      })}
    </ol>
  )
}

const Here = () => (
  <span className="inline-flex items-center gap-1.5 text-[13px] text-good">
    <Icon name="check" className="size-4" />
    {say('Is here')}
  </span>
)

function Missing({ name }: { name: string }) {
  const { shelf } = useApp()
  const { catalogue, pulls } = useShelf()
  const { asking, refused, ask } = useAsking()
  const offer = catalogue.find(({ id }) => id === name)
  const going = pulls.some(({ what, state }) => what === name && state !== 'done' && state !== 'failed')
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[13px]">
      <span className="text-faint">{going ? say('on its way') : say('not here')}</span>
      {offer !== undefined && !going && (
        <button type="button" className="button" disabled={asking} onClick={() => ask(() => shelf.get(offer.id))}>
          <Icon name="get" className="size-4" />
          {say('Get it, {size}', { size: bytes(offer.bytes) })}
        </button>
      )}
      {(offer === undefined || going) && (
        <button type="button" className="quiet border border-line" onClick={goToModels}>
          {say('Look among the models')}
        </button>
      )}
      {refused !== null && (
        <span role="alert" className="text-bad">
          {faultText(refused)}
        </span>
      )}
    </span>
  )
}
