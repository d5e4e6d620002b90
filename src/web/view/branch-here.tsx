import { useState } from 'react'
import type { RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { usePick } from '../live/cell.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'
import { EditorLater } from './later.tsx'

/** Another message behind an answer that was gone on from already: a branch beside what was said there. */
export function BranchHere({ run }: { run: RunId }) {
  const { talk } = useApp()
  const next = usePick(talk.place, (place) => place.talk.turns.find(({ after }) => after === run))
  const [writing, setWriting] = useState(false)
  if (next === undefined) return null
  return (
    <>
      <button
        type="button"
        className="quiet"
        data-key="b"
        aria-label={say('Say something else after this answer')}
        title={say('Say something else after this answer (B)')}
        aria-expanded={writing}
        onClick={() => setWriting(!writing)}
      >
        <Icon name="joint" className="size-[15px]" />
      </button>
      {writing && (
        <div className="order-last w-full pt-2 pl-2">
          <p className="pb-2">{say('Say something else after this answer. What was said here is kept beside it.')}</p>
          <EditorLater
            text=""
            files={[]}
            close={() => setWriting(false)}
            save={(text, files) => {
              setWriting(false)
              talk.edit(next, text, files)
            }}
          />
        </div>
      )}
    </>
  )
}
