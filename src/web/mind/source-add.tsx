import { useId, useRef, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { say } from '../words/say.ts'
import { faultText } from '../words/titles.ts'
import { addSource } from './source-calls.ts'

/** A folder or a file is named by its path: the server reads it where it lies. */
export function SourceAdd({ project }: { project: ProjectId | null }) {
  const app = useApp()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [path, setPath] = useState('')
  const { asking, refused, ask } = useAsking()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const to = path.trim()
        if (to === '') return field.current?.focus()
        ask(
          () => addSource(app, to, project),
          () => setPath(''),
        )
      }}
    >
      <label htmlFor={id} className="text-[14px] font-[560]">
        {say('Add a folder or a file')}
      </label>
      <div className="mt-1.5 flex flex-wrap gap-2">
        <input
          ref={field}
          id={id}
          value={path}
          maxLength={4096}
          autoComplete="off"
          spellCheck={false}
          placeholder="/home/me/documents"
          aria-invalid={refused !== null}
          aria-describedby={`${id}about`}
          onChange={({ target }) => setPath(target.value)}
          className={`min-h-10 min-w-48 flex-1 rounded-xl border bg-raise px-3.5 font-mono text-[13.5px] text-ink placeholder:text-faint ${refused === null ? 'border-rule' : 'border-bad'}`}
        />
        <button type="submit" className="button" disabled={asking}>
          {asking ? say('Adding…') : say('Add')}
        </button>
      </div>
      <p id={`${id}about`} className="mt-1.5 text-[13px] text-faint">
        {refused !== null && (
          <span role="alert" className="block text-bad">
            {faultText(refused)}
          </span>
        )}
        {say(
          'Its path on this machine, from the root. Text, Markdown, code and PDF are read; the files stay as they are.',
        )}
      </p>
    </form>
  )
}
