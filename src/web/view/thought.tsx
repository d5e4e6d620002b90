import type { Part } from '../../wire/fold.ts'
import { took } from '../state/wording.ts'
import { Disclosure } from './disclosure.tsx'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

type ThoughtPart = Extract<Part, { kind: 'thought' }>

/** While it lasts, the last four lines of it; then one line that opens. */
export function Thought({ part, live, until }: { part: ThoughtPart; live: boolean; until: number }) {
  return (
    <div>
      <Disclosure
        testId="thought"
        onKey="t"
        head={
          <>
            <Icon name="thought" className="size-[17px] text-faint" />
            <span className="figures">
              {live ? say('Thoughts so far') : say('Thought for {time}', { time: took(until - part.from) })}
            </span>
          </>
        }
      >
        <p className="my-1 ml-2 border-l border-line pl-4 text-[14px] leading-relaxed whitespace-pre-wrap text-soft">
          {part.text}
        </p>
      </Disclosure>
      {live && (
        <div className="mt-1 ml-2 flex h-[5.6rem] flex-col justify-end overflow-hidden border-l border-line pl-4 [mask-image:linear-gradient(transparent,black_40%)]">
          <p className="text-[13.5px] leading-[1.4rem] whitespace-pre-wrap text-faint">{part.text.slice(-800)}</p>
        </div>
      )}
    </div>
  )
}
