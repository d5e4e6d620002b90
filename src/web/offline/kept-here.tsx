import { useState } from 'react'
import type { SessionId } from '../../wire/id.ts'
import { keptLetters } from '../live/letters.ts'
import { say } from '../words/say.ts'

type Kept = { key: string; session: SessionId | null; text: string; waits: boolean }

/** In the place of the chats, while the server that has them is away: what this browser has. */
export function KeptHere({ go }: { go: (session: SessionId | null) => void }) {
  const [kept] = useState(keptIn)
  return (
    <section aria-label={say('Kept in this browser')} className="px-2.5 pt-4 text-[13.5px]" data-testid="kept-here">
      <p className="leading-snug text-faint">
        {say('Your chats are with the server, which is not there. They are here again as soon as it is.')}
      </p>
      {kept.length > 0 && (
        <>
          <h2 className="pt-5 pb-1 text-[12px] font-[540] text-faint">{say('Kept in this browser')}</h2>
          <ul className="-mx-2.5">
            {kept.map(({ key, session, text, waits }) => (
              <li key={key}>
                <button
                  type="button"
                  onClick={() => go(session)}
                  className="w-full rounded-xl px-2.5 py-1.5 text-left hover:bg-hover"
                >
                  <span className="block truncate text-[14px] text-soft">{text}</span>
                  <span className="block text-[12px] text-faint">
                    {waits ? say('Sent when the server is back') : say('Draft')}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const DRAFT = /^pkn\.draft\.(new|ses_[0-9a-z]{20,40})$/

function keptIn(): Kept[] {
  const letters = keptLetters(localStorage).map(({ id, session, text }): Kept => ({
    key: id,
    session,
    text,
    waits: true,
  }))
  const drafts = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '').flatMap(
    (key): Kept[] => {
      const of = DRAFT.exec(key)?.[1]
      const text = localStorage.getItem(key)?.trim() ?? ''
      if (of === undefined || text === '') return []
      return [{ key, session: of === 'new' ? null : (of as SessionId), text, waits: false }]
    },
  )
  return [...letters, ...drafts]
}
