import { useId, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import type { Passage } from '../../wire/recall.ts'
import { useApp } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { Icon } from '../view/icons.tsx'
import { faultText } from '../words/titles.ts'
import { say, sayCount } from '../words/say.ts'
import { PassageRow } from './passage-row.tsx'

/** What would be found for a question, as an agent finds it. */
export function PassageSearch({ project }: { project: ProjectId | null }) {
  const app = useApp()
  const id = useId()
  const [question, setQuestion] = useState('')
  const [found, setFound] = useState<readonly Passage[] | null>(null)
  const { asking, refused, ask } = useAsking()
  const look = () => {
    const q = question.trim()
    if (q === '') return setFound(null)
    ask(async () => {
      const query = project === null ? { q } : { q, project }
      const answer = await asked(app, () => app.client.call('documentsSearch', { query }))
      if (answer.ok) setFound(answer.value.passages)
      return answer.ok ? null : answer.fault
    })
  }
  return (
    <form
      role="search"
      aria-label={say('Search the documents')}
      onSubmit={(event) => {
        event.preventDefault()
        look()
      }}
    >
      <label htmlFor={id} className="text-[14px] font-[560]">
        {say('Try what is found')}
      </label>
      <div className="mt-1.5 flex flex-wrap gap-2">
        <div className="flex min-h-10 min-w-48 flex-1 items-center gap-2.5 rounded-xl border border-rule bg-raise px-3.5">
          <Icon name="researcher" className="size-[18px] text-faint" />
          <input
            id={id}
            type="search"
            value={question}
            maxLength={1000}
            placeholder={say('A question, or words')}
            onChange={({ target }) => setQuestion(target.value)}
            className="min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-faint"
          />
        </div>
        <button type="submit" className="button" disabled={asking}>
          {asking ? say('Searching…') : say('Search')}
        </button>
      </div>
      {refused !== null && (
        <p role="alert" className="mt-1.5 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
      <p role="status" className="mt-2 text-[13px] text-soft">
        {found !== null &&
          (found.length === 0
            ? say('Nothing that fits was found.')
            : sayCount(found.length, '1 passage, the best first', '{n} passages, the best first'))}
      </p>
      {found !== null && found.length > 0 && (
        <ul aria-label={say('Passages')} className="mt-1">
          {found.map((passage) => (
            <PassageRow key={`${passage.source} ${passage.path} ${passage.page} ${passage.from}`} passage={passage} />
          ))}
        </ul>
      )}
    </form>
  )
}
