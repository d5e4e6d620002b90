import type { RunId } from '../../wire/id.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { MOST_SHOWN } from './comparison.ts'

/** Back to the chat, which versions are shown, and how they are scrolled. */
export function TopRow(props: {
  back: () => void
  together: boolean
  setTogether: (together: boolean) => void
  runs: readonly RunId[]
  shown: readonly RunId[]
  toggle: (run: RunId) => void
  add: (() => void) | null
}) {
  const { back, together, setTogether, runs, shown, toggle, add } = props
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-2 gap-y-1 px-2 pb-2">
      <button
        type="button"
        className="quiet min-h-9 text-ink phone:min-h-10"
        title={say('Back to the chat (Esc)')}
        onClick={back}
      >
        <Icon name="back" className="size-4" />
        {say('Back to the chat')}
      </button>
      <span className="flex-1" />
      {runs.length > MOST_SHOWN && (
        <div role="group" aria-label={say('Versions that are shown')} className="flex flex-wrap items-center gap-0.5">
          {runs.map((run, i) => (
            <button
              key={run}
              type="button"
              aria-pressed={shown.includes(run)}
              aria-label={say('Version {n}', { n: i + 1 })}
              onClick={() => toggle(run)}
              className={`figures min-h-7 min-w-7 rounded-md text-[13px] phone:min-h-10 phone:min-w-10 ${shown.includes(run) ? 'bg-accent-wash font-[560] text-accent' : 'text-faint hover:bg-hover'}`}
            >
              {i + 1}
            </button>
          ))}
        </div>
      )}
      <button
        type="button"
        aria-pressed={together}
        onClick={() => setTogether(!together)}
        className={`quiet min-h-9 phone:hidden ${together ? 'bg-accent-wash text-accent hover:bg-accent-wash hover:text-accent' : ''}`}
      >
        <Icon name={together ? 'boxChecked' : 'box'} className="size-4" />
        {say('Scroll together')}
      </button>
      {add !== null && (
        <button type="button" className="quiet min-h-9 phone:min-h-10" aria-haspopup="dialog" onClick={add}>
          <Icon name="plus" className="size-4" />
          {say('Add another')}
        </button>
      )}
    </div>
  )
}
