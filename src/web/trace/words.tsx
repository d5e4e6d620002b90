import { useState } from 'react'
import { say } from '../words/say.ts'

const BRIEF = 480
/** Text beyond this is not shown here; the answer and the export hold all of it. */
const MOST = 60_000

/** What was thought or written, as it came. While it comes, its last lines. */
export function Words(props: { text: string; live: boolean; brief: boolean; thought: boolean }) {
  const { text, live, brief, thought } = props
  const [all, setAll] = useState(false)
  const long = brief && !all && text.length > BRIEF
  const shown = long ? (live ? `…${text.slice(-BRIEF)}` : `${text.slice(0, BRIEF)}…`) : text.slice(0, MOST)
  return (
    <div className="mt-1 border-l-2 border-line pl-3">
      <p
        data-testid={thought ? 'trace-thought' : 'trace-text'}
        className={`text-[13px] leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap ${thought ? 'text-soft' : 'text-ink'}`}
      >
        {shown}
      </p>
      {brief && text.length > BRIEF && (
        <button type="button" className="quiet -ml-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? say('Show less') : say('Show all {n} characters', { n: text.length })}
        </button>
      )}
    </div>
  )
}
