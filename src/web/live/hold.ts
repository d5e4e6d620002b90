import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { MessageId } from '../../wire/id.ts'
import { modelLine } from '../state/model-line.ts'
import { isUnderWay } from '../state/pull-words.ts'
import type { Cell } from './cell.ts'
import type { Machine } from './machine.ts'
import type { Reach } from './reach.ts'
import type { Shelf } from './shelf.ts'

/** Keeps messages back while the only real model is still on its way: what nobody could answer is not asked of the model that knows nothing. */
export type Hold = {
  /** Resolves with true when the message is to be sent, at once where nothing speaks against it, or with false if it was let go. */
  until: (letter: { id: MessageId; model?: string | null; held?: boolean }, onHeld: () => void) => Promise<boolean>
  holds: (id: MessageId) => boolean
  /** Its user does not want to wait. */
  sendNow: (id: MessageId) => void
  letGo: (id: MessageId) => void
}

export function holdOf(deps: { client: Client; reach: Reach; machine: Cell<Machine>; shelf: Shelf }): Hold {
  const { client, reach, machine, shelf } = deps
  const held = new Map<MessageId, (send: boolean) => void>()
  const coming = async (): Promise<boolean> => {
    try {
      return (await reach.surely(() => client.call('pullsList', {}))).pulls.some(isUnderWay)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return false
    }
  }
  const canAnswer = () => /ready|asleep/.test(modelLine(machine.get()).state)
  return {
    until: async ({ id, model, held: before = false }, onHeld) => {
      // A model that was chosen by name is asked, whatever it knows.
      if (model != null || canAnswer()) return true
      if (!before && (!machine.get().known || !(await coming()))) return true
      const { promise, resolve } = Promise.withResolvers<boolean>()
      held.set(id, resolve)
      onHeld()
      const look = () => {
        if (canAnswer()) resolve(true)
      }
      const off = [machine.on(look), shelf.watch()]
      look()
      return promise.finally(() => {
        held.delete(id)
        for (const call of off) call()
      })
    },
    holds: (id) => held.has(id),
    sendNow: (id) => held.get(id)?.(true),
    letGo: (id) => held.get(id)?.(false),
  }
}
