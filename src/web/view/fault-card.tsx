import type { FaultData } from '../../wire/fault.ts'
import { Icon } from './icons.tsx'

/** What went wrong in plain words, what to do about it, and one button to do it. */
export function FaultCard({
  fault,
  again,
  drop,
}: {
  fault: FaultData
  again?: (() => void) | undefined
  drop?: () => void
}) {
  return (
    <div role="alert" data-testid="fault" className="arrive rounded-xl bg-bad-wash p-4 text-[14.5px]">
      <div className="flex gap-3">
        <Icon name="warn" className="mt-0.5 size-[18px] text-bad" />
        <div className="min-w-0 flex-1">
          <p className="font-[560] text-ink">{fault.message}</p>
          <p className="mt-1 text-soft">{fault.fix}</p>
          <div className="mt-3 flex flex-wrap items-center gap-2">
            {again !== undefined && (
              <button
                type="button"
                // Where the same again can't succeed, the fix above comes first, and this is only offered.
                className={
                  fault.retry
                    ? 'inline-flex min-h-8 items-center gap-1.5 rounded-lg bg-accent px-3 text-[13.5px] font-[540] text-accent-ink phone:min-h-10'
                    : 'quiet min-h-8'
                }
                onClick={again}
              >
                <Icon name="again" className="size-4" />
                Try again
              </button>
            )}
            {drop !== undefined && (
              <button type="button" className="quiet min-h-8" onClick={drop}>
                Take it back
              </button>
            )}
            <details className="text-[13px] text-soft">
              <summary className="quiet min-h-8">Details</summary>
              <pre className="mt-1 font-mono text-[12px] leading-relaxed whitespace-pre-wrap">
                {fault.code}
                {Object.entries(fault.details ?? {}).map(([name, value]) => `\n${name}: ${String(value)}`)}
              </pre>
            </details>
          </div>
        </div>
      </div>
    </div>
  )
}
