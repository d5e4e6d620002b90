import { afterEach, beforeEach, describe } from 'node:test'
import type { Clock } from '../core/ports.ts'
import { childPromises } from './children.contract.ts'
import { actPromises } from './acts.contract.ts'
import { claimPromises } from './claims.contract.ts'
import { endPromises } from './ends.contract.ts'
import { feedPromises } from './feed.contract.ts'
import { desk, HandClock, type Now, type World } from './kit.contract.ts'
import { logPromises } from './log.contract.ts'
import { messagePromises } from './messages.contract.ts'
import { mindPromises } from './mind.contract.ts'
import { processPromises } from './processes.contract.ts'
import { sessionPromises } from './sessions.contract.ts'
import { thingPromises } from './things.contract.ts'
import { treePromises } from './tree.contract.ts'
import { versionPromises } from './versions.contract.ts'
import { withdrawPromises } from './withdraw.contract.ts'

/** What every store must keep. `open` gives an empty one. */
export function storeContract(name: string, open: (clock: Clock) => Promise<World>): void {
  describe(name, { timeout: 280_000 }, () => {
    let at: ReturnType<Now>
    beforeEach(async () => {
      const clock = new HandClock()
      at = desk(await open(clock), clock, new AbortController())
    })
    afterEach(async () => {
      at.ends.abort()
      await at.world.end()
    })
    const now: Now = () => at
    logPromises(now)
    messagePromises(now)
    treePromises(now)
    versionPromises(now)
    sessionPromises(now)
    feedPromises(now)
    claimPromises(now)
    endPromises(now)
    processPromises(now)
    thingPromises(now)
    withdrawPromises(now)
    actPromises(now)
    childPromises(now)
    mindPromises(now)
  })
}
