import { connectTo } from '../client/client.ts'
import { loadConfig } from '../config.ts'
import { RunId } from '../wire/id.ts'
import { cleanLine, jsonLine } from './clean.ts'
import { readArgs, UsageError, type ExitCode } from './command.ts'
import { addressOf } from './shelf-access.ts'
import { grey, say, table } from './terminal.ts'

const here = () => connectTo(addressOf(loadConfig()))

/** The newest sessions, or one JSON document of them. */
export async function sessions(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, { json: { type: 'boolean' } }, 0)
  const { sessions: found } = await here().call('sessionsList', { query: { limit: 50 } })
  if (values.json === true) say(jsonLine(found))
  else
    for (const line of table(
      found.map(({ id, title, active, updated }) => [
        id,
        updated.slice(0, 16).replace('T', ' '),
        active === null ? '' : '●',
        cleanLine(title),
      ]),
    ))
      say(line)
  return 0
}

/** Runs that have not ended, of the sessions used last; or stops one. */
export async function runs(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 2)
  const { call } = here()
  const [verb = 'list', id] = positionals
  if (verb === 'stop') {
    const run = RunId.safeParse(id)
    if (!run.success) throw new UsageError('stop which run? `pkn runs` names them')
    const { state } = await call('runsCancel', { params: { run: run.data }, body: {} })
    say(state === 'ended' ? 'It has ended.' : 'It is being stopped.')
    return 0
  }
  if (verb !== 'list') throw new UsageError(`"${verb}" is neither list nor stop`)
  const { sessions: found } = await call('sessionsList', { query: { limit: 200, show: 'all' } })
  const open = await Promise.all(
    found.flatMap(({ active, title }) =>
      active === null ? [] : [call('runsRead', { params: { run: active } }).then((run) => ({ ...run, title }))],
    ),
  )
  if (values.json === true) say(jsonLine(open))
  else if (open.length === 0) say('Nothing is under way.')
  else {
    const state = (run: (typeof open)[0]) => (run.state === 'waiting' ? 'waits for you' : run.state)
    for (const line of table(open.map((run) => [run.id, state(run), cleanLine(run.title)]))) say(line)
    const asks = open.find((run) => run.state === 'waiting')
    if (asks !== undefined)
      say(grey(`What waits for you is answered on the page, or with: pkn chat --open ${asks.session}`))
  }
  return 0
}
