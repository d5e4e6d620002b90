import { useState } from 'react'
import type { MemoryId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { revealed } from '../markdown/hidden.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { changeMemory, forget } from './memory-calls.ts'
import { MemoryText } from './memory-text.tsx'

/** A memory that an answer was told: as it was then, with ways to change it and to forget it now. */
export function ToldMemory({ id, told, why }: { id: MemoryId; told: string; why: string | null }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const [now, setNow] = useState<string | null>(told)
  const [editing, edit] = useState(false)
  if (editing)
    return (
      <li>
        <MemoryText
          text={now ?? told}
          asking={asking}
          refused={refused}
          cancel={() => edit(false)}
          save={(text) =>
            ask(
              async () => {
                const answer = await changeMemory(app, id, { text })
                return answer.ok ? null : answer.fault
              },
              () => {
                setNow(text)
                edit(false)
              },
            )
          }
        />
      </li>
    )
  return (
    <li className="text-[13.5px]" data-testid="told">
      <p className="break-words whitespace-pre-wrap text-soft">{revealed(told)}</p>
      <p className="-ml-2 flex flex-wrap items-center text-faint">
        {now === null ? (
          <span className="px-2 py-1 text-[13px]">{say('Forgotten.')}</span>
        ) : (
          <>
            <button type="button" className="quiet" onClick={() => edit(true)}>
              {say('Edit')}
            </button>
            <button
              type="button"
              className="quiet"
              disabled={asking}
              onClick={() =>
                ask(
                  () => forget(app, { id, text: now }, () => setNow(now)),
                  () => setNow(null),
                )
              }
            >
              {say('Forget')}
            </button>
            {why !== null && (
              <span className="px-2 text-[13px]" data-testid="why-told">
                {why}
              </span>
            )}
            {now !== told && <span className="px-2 text-[13px]">{say('Now: {text}', { text: now })}</span>}
          </>
        )}
      </p>
      {refused !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {faultText(refused)}
        </p>
      )}
    </li>
  )
}
