import { useMemo } from 'react'
import type { Recalled } from '../../wire/recall.ts'
import { foundWords } from '../state/found-words.ts'
import { recallWords } from '../state/recall-words.ts'
import { Disclosure } from '../view/disclosure.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { PassageRow } from './passage-row.tsx'
import { ToldMemory } from './told-memory.tsx'

/** What the model was told beside what was said in the chat: a quiet line, and on request all of it. */
export function RecalledChip({ recalls }: { recalls: readonly Recalled[] }) {
  const all = useMemo(() => together(recalls), [recalls])
  const { memories, passages } = all
  if (memories.length + passages.length === 0) return null
  return (
    <Disclosure
      testId="recalled"
      head={
        <>
          <Icon name="memory" className="size-4 text-faint" />
          <span className="min-w-0 text-[13.5px]">{recallWords(all)}</span>
        </>
      }
    >
      <div className="my-1 ml-2 space-y-2 border-l border-line pl-4">
        {memories.length > 0 && (
          <ul aria-label={say('Memories')} className="space-y-1">
            {memories.map(
              ({ memory, text, by }) =>
                text !== '' && <ToldMemory key={memory} id={memory} told={text} why={foundWords(by)} />,
            )}
          </ul>
        )}
        {passages.length > 0 && (
          <ul aria-label={say('Passages')}>
            {passages.map((passage) => (
              <PassageRow key={passage.n} passage={passage} n={passage.n} />
            ))}
          </ul>
        )}
      </div>
    </Disclosure>
  )
}

/** What was looked up at several times in one run; each memory once. */
function together(recalls: readonly Recalled[]): Recalled {
  const memories = new Map(recalls.flatMap((one) => one.memories.map((memory) => [memory.memory, memory] as const)))
  return { memories: [...memories.values()], passages: recalls.flatMap(({ passages }) => passages) }
}
