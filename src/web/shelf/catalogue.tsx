import { useState } from 'react'
import type { CatalogueModel, Machine, Pull } from '../../wire/shelf.ts'
import { useApp } from '../live/app.ts'
import { contextWords, fitWords } from '../state/endpoint-words.ts'
import { isUnderWay, pullFigures } from '../state/pull-words.ts'
import { bytes, count, tenth } from '../state/wording.ts'
import { aboutText, faultText, fixText } from '../words/titles.ts'
import { say, sayCount } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'

type Offer = { model: CatalogueModel; hardware: Machine | null; pull: Pull | null }

/** What PKN knows and can get, the one for this machine first. */
export function Catalogue(props: {
  models: readonly CatalogueModel[]
  hardware: Machine | null
  pulls: readonly Pull[]
}) {
  const { models, hardware, pulls } = props
  const offers = models.map((model): Offer => ({ model, hardware, pull: pullOf(model, pulls) }))
  const first = offers.find(({ model }) => model.recommended)
  const others = offers.filter((offer) => offer !== first)
  const [all, setAll] = useState(false)
  // What is near the recommended one in size is likely to be wanted; the rest is one step away.
  const middle = first === undefined ? 0 : offers.indexOf(first)
  const near = (offer: Offer) =>
    Math.abs(offers.indexOf(offer) - middle) <= NEAR || offer.model.installed || offer.pull !== null
  const shown = all || others.length <= 2 * NEAR + 1 ? others : others.filter(near)
  const [smallest, largest] = [Math.min(...models.map((m) => m.bytes)), Math.max(...models.map((m) => m.bytes))]
  const hidden = others.length - shown.length
  return (
    <div className="space-y-3">
      {first !== undefined && <Recommended {...first} />}
      {others.length > 0 && (
        <ul className="overflow-hidden rounded-2xl border border-line bg-raise">
          {shown.map((offer) => (
            <OfferRow key={offer.model.id} {...offer} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <button type="button" className="quiet -ml-2" onClick={() => setAll(true)}>
          <Icon name="fold" className="size-3.5" />
          {sayCount(hidden, 'Show 1 more, from {least} to {most}', 'Show {n} more, from {least} to {most}', {
            least: bytes(smallest),
            most: bytes(largest),
          })}
        </button>
      )}
    </div>
  )
}

/** Neighbours of the recommended one that are shown at once, on either side. */
const NEAR = 2

export const pullOf = ({ id }: CatalogueModel, pulls: readonly Pull[]): Pull | null =>
  pulls.find(({ what }) => what === id) ?? null

function Recommended({ model, hardware, pull }: Offer) {
  return (
    <section
      aria-label={say('Recommended: {model}', { model: model.title })}
      data-testid="recommended"
      className="rounded-2xl border border-[color-mix(in_oklab,var(--accent)_40%,var(--rule))] bg-accent-wash p-5 phone:p-4"
    >
      <p className="flex items-center gap-1.5 text-[13px] font-[540] text-accent">
        <Icon name="pin" className="size-4" />
        {say('Recommended for this machine')}
      </p>
      <div className="mt-1 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h3 className="text-[19px] font-[600] tracking-[-0.01em] break-words">{model.title}</h3>
          <p className="mt-1 text-[14.5px] text-soft">{aboutText(model)}</p>
          <p className="mt-2 text-[13.5px] text-soft">
            <strong className="font-[540] text-ink">{fitWords(model, hardware)}.</strong>
          </p>
          <Facts model={model} />
        </div>
        <GetButton model={model} pull={pull} first />
      </div>
    </section>
  )
}

function OfferRow({ model, hardware, pull }: Offer) {
  return (
    <li
      className="flex flex-wrap items-start gap-x-6 gap-y-2.5 border-line px-5 py-4 not-first:border-t phone:px-4"
      data-testid="offer"
    >
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="text-[15px] font-[560] break-words">{model.title}</h3>
        <p className="mt-0.5 text-[14px] text-soft">{aboutText(model)}</p>
        <p className={`mt-1 text-[13px] ${model.fits === 'well' ? 'text-soft' : 'text-warn'}`}>
          {model.fits !== 'well' && <Icon name="warn" className="mr-1 inline size-3.5 align-[-2px]" />}
          {fitWords(model, hardware)}.
        </p>
        <Facts model={model} />
      </div>
      <GetButton model={model} pull={pull} />
    </li>
  )
}

/** `brief`: what somebody who has no model yet wants to know. */
export function Facts({ model, brief = false }: { model: CatalogueModel; brief?: boolean }) {
  const { write } = model
  const facts = [
    bytes(model.bytes),
    ...(write === null
      ? []
      : [say('about {n} tokens/s here, estimated', { n: write < 10 ? tenth(write) : count(write) })]),
    ...(brief ? [say('licence {name}', { name: model.licence })] : more(model)),
  ]
  return <p className="figures mt-1 text-[13px] text-faint">{facts.join(' · ')}</p>
}

function more(model: CatalogueModel): string[] {
  return [
    contextWords(model.context),
    ...(model.tools ? [say('tools')] : []),
    ...(model.thinking ? [say('thinking')] : []),
    ...(model.vision ? [say('vision')] : []),
    say('licence {name}', { name: model.licence }),
  ]
}

type Getting = { model: CatalogueModel; pull: Pull | null; first?: boolean; wide?: boolean }

export function GetButton({ model, pull, first = false, wide = false }: Getting) {
  const { shelf, aloud } = useApp()
  const { asking, refused, ask } = useAsking()
  const going = pull !== null && isUnderWay(pull)
  if (model.installed)
    return (
      <p className="inline-flex min-h-8.5 items-center gap-1.5 text-[13.5px] text-good">
        <Icon name="check" className="size-4" />
        {say('Is here')}
      </p>
    )
  return (
    <div className={wide ? '' : 'flex-none phone:w-full'}>
      <button
        type="button"
        className={`button ${wide ? 'w-full' : ''} phone:w-full ${first ? 'button-first' : ''}`}
        disabled={asking || going}
        aria-label={
          going
            ? say('{model} is on its way', { model: model.title })
            : say('Get, {size}: {model}', { model: model.title, size: bytes(model.bytes) })
        }
        title={going ? pullFigures(pull) : undefined}
        onClick={() =>
          ask(
            () => shelf.get(model.id),
            () => aloud.set(say('Getting {model}', { model: model.title })),
          )
        }
      >
        {!going && <Icon name="get" className="size-4" />}
        {going ? say('On its way') : asking ? say('Asking…') : say('Get, {size}', { size: bytes(model.bytes) })}
      </button>
      {refused !== null && (
        <p role="alert" className="mt-1.5 max-w-64 text-[13px] text-bad phone:max-w-none">
          {faultText(refused)} {fixText(refused)}
        </p>
      )}
    </div>
  )
}
