import type { Backend } from '../wire/message.ts'
import type { ModelInfo } from '../wire/model.ts'
import type { Seat } from './rank.ts'
import { isNamed, type Wish } from './wish.ts'

/**
 * Whether a seat may come into the choice at all. For a wish of `cloud` that is what the user configured and is out of the house; for a wish of
 * `local` what is in the house, and of the rest what a wish may yet name.
 */
export const mayBeChosen = ({ origin, info }: Pick<Seat, 'origin' | 'info'>, backend: Backend): boolean =>
  backend === 'cloud' ? !info.local && origin === 'configured' : info.local || origin === 'configured'

/** Whether a choice waits for the first look at a seat: a slow one that is out of the house holds up only those who may mean it. */
export const isAwaited = (seat: Pick<Seat, 'origin' | 'info'>, backend: Backend, wishes: readonly Wish[]): boolean =>
  mayBeChosen(seat, backend) &&
  (backend === 'cloud' || seat.info.local || wishes.some(({ text }) => text.startsWith(`${seat.info.name}/`)))

/**
 * Says which words must not leave the house: for a wish of `local` they do only to a model that is named, by its endpoint too if the house has
 * one of the same name; or may have, since a server of the house was not seen yet, and the gateway's own list is all that speaks for leaving.
 */
export const stayIn =
  (seats: readonly Seat[], backend: Backend) =>
  (seat: Seat, model: ModelInfo | null, wish: Wish | null): boolean => {
    if (backend === 'cloud' || seat.info.local) return false
    if (model === null || wish === null || wish.needs !== null) return true
    const here = seats.filter(({ info }) => info.local)
    const unseen = here.some(
      ({ origin, info, known }) => origin === 'configured' && info.state === 'down' && known.length === 0,
    )
    if (unseen && seat.info.kind !== 'cloud' && !wish.text.startsWith(`${seat.info.name}/`)) return true
    return here.some(({ info, known }) => [...info.models, ...known].some((other) => isNamed(other, wish.text)))
  }
