import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { PullId } from '../wire/shelf.ts'
import { readArgs, UsageError, type ExitCode } from './command.ts'
import { pullModel } from './models-pull.ts'
import { listModels, showCatalogue } from './models-list.ts'
import { openShelfAccess } from './shelf-access.ts'
import { say, sayJson } from './terminal.ts'

const VERBS = ['list', 'catalogue', 'pull', 'remove', 'use', 'cancel'] as const

export async function models(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 2)
  const [word = 'list', name] = positionals
  const verb = VERBS.find((one) => one === word)
  if (verb === undefined) throw new UsageError(`"${word}" is none of ${VERBS.join(', ')}`)
  const given = () => {
    if (name === undefined) throw new UsageError(`${verb} what?`)
    return name
  }
  if (verb !== 'list' && verb !== 'catalogue') given()
  const json = values.json === true
  const access = await openShelfAccess(loadConfig())
  try {
    switch (verb) {
      case 'list':
        return await listModels(access, json)
      case 'catalogue':
        return await showCatalogue(access, json)
      case 'pull':
        return await pullModel(access, meant(given()), json)
      case 'remove':
        await access.remove(given())
        say(`${name} is deleted`)
        return 0
      case 'use': {
        const used = await access.use(given())
        if (json) sayJson(used)
        else say(`${used.name} answers from the next message on, unless something else is asked for`)
        return 0
      }
      case 'cancel': {
        const id = PullId.safeParse(given())
        if (!id.success) throw new UsageError(`"${name}" is no pull; \`pkn models\` shows those on their way`)
        const before = (await access.pulls()).find((pull) => pull.id === id.data)
        if (before?.state === 'failed' || before?.state === 'cancelled') {
          await access.forget(id.data)
          say(`${before.name}: ${before.state} already, and named no more`)
          return 0
        }
        const { name: what, state } = await access.cancel(id.data)
        say(
          state === 'cancelled'
            ? `${what}: stopped; what has arrived is kept, and pulling it again goes on from there`
            : `${what}: ${state} already`,
        )
        return 0
      }
    }
  } finally {
    await access.close()
  }
}

/** A path from where the user stands, since the server stands elsewhere; a name of the catalogue or of a repository is no path. */
const meant = (what: string): string =>
  /^\.{1,2}\//.test(what) || (what.endsWith('.gguf') && existsSync(what)) ? resolve(what) : what
