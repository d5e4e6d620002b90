import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { modelLine } from '../state/model-line.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'

/** Beside whom the composer names: those who answer the next message too. */
export function RivalsButton() {
  const { desk, machine, rivals } = useApp()
  const others = useCell(rivals).length
  const looking = modelLine(useCell(machine)).state === 'looking'
  const choose = () => desk.set({ open: 'compare', answered: null })
  // It stands beside what answers, and comes with it.
  if (looking && others === 0) return null
  if (others === 0)
    return (
      <button
        type="button"
        className="tap rounded-full"
        aria-haspopup="dialog"
        aria-label={say('Compare several answers')}
        title={say('Compare several answers')}
        onClick={choose}
      >
        <Icon name="columns" className="size-[17px]" />
      </button>
    )
  return (
    <span className="inline-flex flex-none items-center rounded-full bg-accent-wash text-accent">
      <button
        type="button"
        aria-haspopup="dialog"
        className="inline-flex h-9 items-center gap-1.5 rounded-full pr-1 pl-3 text-[13.5px] font-[540] phone:h-10"
        title={say('Who answers side by side')}
        onClick={choose}
      >
        <Icon name="columns" className="size-[17px]" />
        <span className="phone:hidden">{sayCount(others + 1, '{n} answer', '{n} side by side')}</span>
        <span className="hidden phone:inline">{others + 1}</span>
      </button>
      <button
        type="button"
        className="inline-flex size-9 items-center justify-center rounded-full phone:size-10"
        aria-label={say('Only one answer')}
        title={say('Only one answer')}
        onClick={() => rivals.set([])}
      >
        <Icon name="close" className="size-3.5" />
      </button>
    </span>
  )
}
