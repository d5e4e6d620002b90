import { useCell } from '../live/cell.ts'
import { factsOf, sentenceOf } from '../state/row-story.ts'
import { statsOf } from '../state/stats.ts'
import type { Line } from '../state/trace-tree.ts'
import { stopSentence } from '../state/story.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { Body, matterOf } from './body.tsx'
import type { Player } from './player.ts'
import type { Stage } from './stage.ts'

/** The drawer under the waterfall: everything that is known of one row. */
export function Detail(props: { line: Line; stage: Stage; player: Player; close: () => void }) {
  const { line, stage, player, close } = props
  const owner = stage.owner(line.id)
  const scene = useCell(owner.shown)
  const row = line.now ?? line.row
  const { run } = owner.view.get()
  const facts = row.kind === 'run' ? statsOf(scene.draft) : factsOf(row, scene.trace)
  const { end } = scene.trace
  const stopped = row.kind === 'stop' && end?.stopped != null ? stopSentence(end.stopped, scene.story.endpoint) : null
  return (
    <section
      aria-label={
        row.kind === 'moment' ? say('Details of what happened') : say('Details of {name}', { name: row.name })
      }
      data-testid="detail"
      className="flex max-h-[55%] min-h-40 flex-none flex-col border-t border-rule bg-raise phone:max-h-[60%]"
    >
      <div className="flex items-center pt-1.5 pr-2 pl-5">
        <h3 className="min-w-0 truncate text-[13.5px] font-[560]">
          {row.kind === 'moment' ? say('What happened') : row.name}
        </h3>
        <button
          type="button"
          className="quiet ml-auto flex-none"
          onClick={() => {
            player.rest()
            player.seek(line.row.from)
            player.settle()
          }}
        >
          {say('Go to this moment')}
        </button>
        <button
          type="button"
          className="tap flex-none"
          aria-label={say('Close the details')}
          title={say('Close (Enter)')}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4" tabIndex={0} role="region" aria-label={say('Details')}>
        <p className="text-[13px] text-soft">{stopped ?? sentenceOf(row, scene.trace)}</p>
        <Body row={row} matter={matterOf(row, scene.trace)} run={run} brief={false} />
        <dl className="mt-2 text-[13px]">
          {facts.map(({ name, value }) => (
            <div key={name + value} className="flex justify-between gap-6 py-0.5">
              <dt className="flex-none text-faint">{name}</dt>
              <dd className="figures min-w-0 text-right break-words text-soft">{value}</dd>
            </div>
          ))}
        </dl>
        {row.kind === 'run' && <p className="mt-2 font-mono text-[11.5px] break-all text-faint">{run}</p>}
      </div>
    </section>
  )
}
