import { useApp } from '../live/app.ts'
import type { Passage } from '../../wire/recall.ts'
import { foundWords } from '../state/found-words.ts'
import { passageName } from '../state/passage-name.ts'
import { Disclosure } from '../view/disclosure.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { PassageText } from './passage-text.tsx'

/** One line for a passage; its words on request, and the document around it. */
export function PassageRow({ passage, n }: { passage: Passage; n?: number }) {
  const { desk } = useApp()
  return (
    <li data-testid="passage">
      <Disclosure
        head={
          <>
            {n === undefined ? (
              <Icon name="page" className="size-4 text-faint" />
            ) : (
              <span className="figures min-w-6 flex-none rounded-md bg-accent-wash px-1 text-center text-[12px] text-accent">
                {n}
              </span>
            )}
            <span className="min-w-0 text-[13.5px] break-all">{passageName(passage)}</span>
          </>
        }
      >
        <PassageText passage={passage} className="my-1.5 max-h-80" />
        <button type="button" className="quiet mb-1 -ml-2" onClick={() => desk.set({ open: 'document', passage })}>
          {say('Show the lines around it')}
        </button>
        <span className="px-2 text-[13px] text-faint">{foundWords(passage.by)}</span>
      </Disclosure>
    </li>
  )
}
