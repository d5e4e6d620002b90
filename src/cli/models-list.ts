import type { EndpointInfo, ModelInfo } from '../wire/model.ts'
import type { CatalogueModel, Pull } from '../wire/shelf.ts'
import type { ExitCode } from './command.ts'
import type { ShelfAccess } from './shelf-access.ts'
import { memoryWords } from '../wire/memory.ts'
import { amount } from '../services/in-words.ts'
import { bold, green, grey, red, say, sayJson, table, yellow } from './terminal.ts'
import { pullLine } from './models-pull.ts'

export async function listModels(access: ShelfAccess, json: boolean): Promise<ExitCode> {
  const [installed, pulls, endpoints] = await Promise.all([access.installed(), access.pulls(), access.endpoints()])
  if (json) {
    sayJson({ installed, pulls, endpoints })
    return 0
  }
  const speeds = new Map(
    (endpoints ?? []).flatMap((e) => (e.kind === 'engine' ? e.models.map((m) => [m.name, m] as const) : [])),
  )
  say(bold('installed'))
  const rows = installed.map(({ name, bytes, chosen, practice }) => [
    chosen ? green('●') : ' ',
    name,
    amount(bytes),
    practice ? 'knows nothing: only shows how PKN works' : traits(speeds.get(name)),
  ])
  for (const line of rows.length > 0 ? table(rows, '  ') : [grey('  none; see pkn models catalogue')]) say(line)
  const isOver = ({ state }: Pull) => state === 'failed' || state === 'cancelled'
  showPulls(
    'on their way',
    pulls.filter((pull) => pull.state !== 'done' && !isOver(pull)),
  )
  showPulls('stopped or failed; pull one again, or cancel it to see it no more', pulls.filter(isOver))
  const elsewhere = (endpoints ?? []).filter((e) => e.kind !== 'engine')
  const there = (e: EndpointInfo) => e.models.length > 0 || e.state !== 'down'
  for (const endpoint of elsewhere.filter(there)) showEndpoint(endpoint)
  const away = elsewhere.filter((e) => !there(e))
  if (away.length > 0) say(`\n${bold('not there')}`)
  for (const line of table(
    away.map(({ name, url, why }) => [grey('○'), name, url, why ?? '']),
    '  ',
  ))
    say(line)
  if (endpoints === null) say(grey('\nWhat model servers offer is told while PKN runs: ./pkn start'))
  return 0
}

function showPulls(heading: string, pulls: readonly Pull[]): void {
  if (pulls.length > 0) say(bold(`\n${heading}`))
  for (const line of table(
    pulls.map((pull) => [stateMark(pull), pull.name, pullLine(pull), grey(pull.id)]),
    '  ',
  ))
    say(line)
}

function showEndpoint({ name, state, url, slots, busy, waiting, why, models, local }: EndpointInfo): void {
  const mark = state === 'up' || state === 'busy' ? green(state) : state === 'down' ? red(state) : yellow(state)
  const at = [
    `${slots} slot${slots === 1 ? '' : 's'}`,
    ...(busy > 0 ? [`${busy} at work`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
  ]
  say(`\n${bold(name)} ${mark}  ${url}  ${why ?? at.join(', ')}${local ? '' : '  (not this machine)'}`)
  const rows = models.map((model) => [model.name, model.bytes === null ? '' : amount(model.bytes), traits(model)])
  for (const line of table(rows, '  ')) say(line)
}

/** What it can and how fast it is here, as far as that is known. */
function traits(model: ModelInfo | undefined): string {
  if (model === undefined) return ''
  const { loaded, tools, thinking, vision, speed } = model
  const write = speed?.write ?? null
  return [
    ...(loaded === true ? ['in memory'] : []),
    ...(tools === true ? ['tools'] : []),
    ...(thinking === true ? ['thinks'] : []),
    ...(vision === true ? ['sees'] : []),
    ...(write === null ? [] : [`${write < 10 ? write.toFixed(1) : Math.round(write)} tokens/s`]),
  ].join(', ')
}

const stateMark = ({ state }: Pull): string =>
  state === 'failed' ? red('✗') : state === 'cancelled' ? grey('○') : yellow('↓')

export async function showCatalogue(access: ShelfAccess, json: boolean): Promise<ExitCode> {
  const { models, machine } = await access.catalogue()
  if (json) {
    sayJson({ models, machine })
    return 0
  }
  const gpu =
    machine.gpu === null
      ? 'no GPU'
      : `${machine.gpu.name}${machine.gpu.memory === null ? '' : ` with ${memoryWords(machine.gpu.memory)}`}`
  say(
    `This machine: ${memoryWords(machine.memory)} of memory, ${machine.cores} cores, ${gpu}, ${amount(machine.disk)} free on the disk\n`,
  )
  for (const line of table(models.map(catalogueRow))) say(line)
  say('\n`pkn models pull NAME` gets one. Also: hf:owner/repo/file.gguf, ollama:name, a URL or a path.')
  return 0
}

const catalogueRow = (model: CatalogueModel): string[] => [
  model.recommended ? green('★') : model.installed ? green('●') : ' ',
  model.fits === 'no' ? grey(model.id) : model.id,
  amount(model.bytes),
  model.installed
    ? 'installed'
    : model.recommended
      ? 'fits best'
      : model.fits === 'well'
        ? 'fits'
        : model.fits === 'tightly'
          ? yellow('fits tightly')
          : grey(`needs ${amount(model.memory)}`),
  `${model.about} ${grey(`[${model.licence}]`)}`,
]
