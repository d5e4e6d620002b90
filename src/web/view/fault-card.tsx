import { faultText, fixText } from '../words/titles.ts'
import { Icon } from './icons.tsx'
import { FaultWaysLater } from './later.tsx'
import type { FaultProps } from './plain-ways.tsx'

/** What went wrong in plain words, what to do about it, and one button to do it. */
export function FaultCard(props: FaultProps) {
  const { fault } = props
  return (
    <div role="alert" data-testid="fault" className="arrive rounded-xl bg-bad-wash p-4 text-[14.5px]">
      <div className="flex gap-3">
        <Icon name="warn" className="mt-0.5 size-[18px] text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-[560] break-words text-ink">{faultText(fault)}</p>
          <p className="mt-1 break-words text-soft">{fixText(fault)}</p>
          <FaultWaysLater {...props} />
        </div>
      </div>
    </div>
  )
}
