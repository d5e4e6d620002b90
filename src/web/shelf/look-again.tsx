import { useState } from 'react'
import { useApp } from '../live/app.ts'
import { useNow } from '../live/clock.ts'
import { elapsed } from '../state/wording.ts'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'

/** Asks the server to look at every server of models now, and tells when that was. */
export function LookAgain() {
  const { shelf } = useApp()
  const { asking, refused, ask } = useAsking()
  const [looked, setLooked] = useState<number | null>(null)
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        className="button"
        disabled={asking}
        onClick={() =>
          ask(
            () => shelf.look(),
            () => setLooked(Date.now()),
          )
        }
      >
        <Icon name="again" className="size-4" />
        {asking ? say('Looking…') : say('Look again now')}
      </button>
      {refused !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {faultText(refused)}
        </p>
      )}
      {looked !== null && !asking && refused === null && <Since at={looked} />}
    </div>
  )
}

const Since = ({ at }: { at: number }) => (
  <span className="figures text-[13px] text-faint" role="status">
    {say('looked {time} ago', { time: elapsed(useNow() - at) })}
  </span>
)
