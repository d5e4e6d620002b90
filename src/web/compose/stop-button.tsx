import type { RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { usePick, type Cell } from '../live/cell.ts'
import type { RunView } from '../state/run-view.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

export function StopButton({ view, run }: { view: Cell<RunView>; run: RunId }) {
  const { talk } = useApp()
  const stopping = usePick(view, (v) => v.stopping)
  return (
    <button
      type="button"
      onClick={() => talk.stop(run)}
      disabled={stopping}
      title={say('Stop (Esc)')}
      className="inline-flex h-9 flex-none items-center gap-1.5 rounded-full border border-rule bg-raise pr-4 pl-3 phone:px-3 text-[13.5px] font-[540] text-ink hover:bg-hover disabled:text-faint phone:h-10"
    >
      <Icon name="stop" className="size-4" />
      <span className="phone:sr-only">{stopping ? say('Stopping…') : say('Stop')}</span>
    </button>
  )
}
