import { useMemo } from 'react'
import type { Recalled } from '../../wire/recall.ts'
import { citedIn } from '../markdown/cited-in.ts'
import { Disclosure } from '../view/disclosure.tsx'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { PassageRow } from './passage-row.tsx'

/** Below an answer: the passages that it cites, and on request those that it was given and does not. */
export function AnswerSources({ text, recalls }: { text: string; recalls: readonly Recalled[] }) {
  const { cited, others } = useMemo(() => {
    const all = recalls.flatMap(({ passages }) => passages)
    const numbers = citedIn(text, (n) => all.some((passage) => passage.n === n))
    const cited = numbers.flatMap((n) => all.find((passage) => passage.n === n) ?? [])
    return { cited, others: all.filter((passage) => !cited.includes(passage)) }
  }, [text, recalls])
  if (cited.length === 0) return null
  return (
    <section aria-label={say('Sources')} data-testid="sources" className="rounded-xl border border-line px-3.5 py-2">
      <h3 className="text-[12.5px] font-[560] text-faint">{say('Sources')}</h3>
      <ol>
        {cited.map((passage) => (
          <PassageRow key={passage.n} passage={passage} n={passage.n} />
        ))}
      </ol>
      {others.length > 0 && (
        <Disclosure
          testId="also"
          head={
            <>
              <Icon name="researcher" className="size-4 text-faint" />
              <span className="text-[13px]">
                {sayCount(others.length, 'Also looked at: 1 passage', 'Also looked at: {n} passages')}
              </span>
            </>
          }
        >
          <ul className="ml-2 border-l border-line pl-4">
            {others.map((passage) => (
              <PassageRow key={passage.n} passage={passage} n={passage.n} />
            ))}
          </ul>
        </Disclosure>
      )}
    </section>
  )
}
