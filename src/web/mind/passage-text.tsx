import type { Passage } from '../../wire/recall.ts'
import { passageName } from '../state/passage-name.ts'
import { revealed, withShortLines } from '../markdown/hidden.ts'

/** The words of a document as they stand in it. */
export function PassageText({ passage, className }: { passage: Passage; className: string }) {
  return (
    <pre
      className={`overflow-auto rounded-xl bg-sunk px-3 py-2 font-mono text-[12.5px] leading-[1.55] whitespace-pre-wrap break-words ${className}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label={passageName(passage)}
    >
      {withShortLines(revealed(passage.text))}
    </pre>
  )
}
