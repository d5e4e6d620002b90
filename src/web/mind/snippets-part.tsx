import { useRef, useState } from 'react'
import type { Snippet } from '../../wire/mind.ts'
import { useApp } from '../live/app.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { Icon } from '../view/icons.tsx'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { focusSoon } from './focus-soon.ts'
import { removeSnippet } from './snippet-calls.ts'
import { SnippetForm } from './snippet-form.tsx'
import { useSnippets } from './use-snippets.ts'

/** All snippets, each changed in its place. */
export function SnippetsPart() {
  const snippets = useSnippets()
  const [editing, edit] = useState<string | null>(null)
  const box = useRef<HTMLDivElement>(null)
  if (snippets === null)
    return (
      <p className="text-[14.5px] text-soft" aria-busy="true">
        {say('Looking…')}
      </p>
    )
  const taken = snippets.map(({ name }) => name)
  const done = () => {
    edit(null)
    focusSoon(box, editing === '' ? 'button' : `[data-snippet="${editing}"] button`)
  }
  return (
    <div ref={box}>
      {editing === '' ? (
        <SnippetForm snippet={null} taken={taken} done={done} />
      ) : (
        <button type="button" className="button" onClick={() => edit('')}>
          <Icon name="plus" className="size-4" />
          {say('Add a snippet')}
        </button>
      )}
      {snippets.length === 0 && editing === null && (
        <p
          className="mt-5 rounded-2xl border border-line bg-raise p-5 text-[14.5px] text-soft"
          data-testid="no-snippet"
        >
          {say('There is no snippet yet. One that is called “greeting” is put into a message by /gr and Enter.')}
        </p>
      )}
      <ul aria-label={say('Snippets')} className="mt-2 divide-y divide-line" hidden={snippets.length === 0}>
        {snippets.map((snippet) =>
          snippet.name === editing ? (
            <li key={snippet.name} className="py-3">
              <SnippetForm snippet={snippet} taken={taken} done={done} />
            </li>
          ) : (
            <Row key={snippet.name} snippet={snippet} edit={() => edit(snippet.name)} />
          ),
        )}
      </ul>
    </div>
  )
}

function Row({ snippet, edit }: { snippet: Snippet; edit: () => void }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const { name, text } = snippet
  return (
    <li className="py-3" data-testid="snippet" data-snippet={name}>
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1 py-1">
          <p className="font-mono text-[13.5px] font-[560] break-words text-accent">/{name}</p>
          <p className="mt-1 line-clamp-3 text-[14px] break-words whitespace-pre-wrap text-soft">{text}</p>
        </div>
        <button
          type="button"
          className="tap"
          aria-label={say('Edit “{text}”', { text: name })}
          title={say('Edit')}
          onClick={edit}
        >
          <Icon name="pencil" className="size-[17px]" />
        </button>
        <button
          type="button"
          className="tap"
          disabled={asking}
          aria-label={say('Remove “{name}”', { name })}
          title={say('Remove')}
          onClick={({ currentTarget }) => {
            const row = currentTarget.closest('li')
            const next = row?.nextElementSibling ?? row?.previousElementSibling
            ask(
              () => removeSnippet(app, snippet),
              () => next?.querySelector<HTMLElement>('button:last-of-type')?.focus(),
            )
          }}
        >
          <Icon name="bin" className="size-[17px]" />
        </button>
      </div>
      {refused !== null && (
        <p role="alert" className="text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
    </li>
  )
}
