import { useId, useRef } from 'react'
import type { Answer } from '../../wire/tool.ts'
import { say } from '../words/say.ts'
import type { AskDraft } from './ask-drafts.ts'
import { Signs } from './verbatim.tsx'

/** The answer to a question of words: one of those that are offered, or one's own. */
export function OwnWords(props: {
  options: readonly string[]
  give: (said: Answer) => void
  draft: AskDraft
  write: (change: AskDraft) => void
}) {
  const { options, give, draft, write } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const tell = (text: string) => give({ allow: true, scope: 'once', text })
  return (
    <>
      {options.length > 0 && (
        <div className="act-ways" role="group" aria-label={say('Answers to choose from')}>
          {options.map((option) => (
            <button key={option} type="button" className="button act-option" onClick={() => tell(option)}>
              <Signs text={option} />
            </button>
          ))}
        </div>
      )}
      <form
        className="act-form"
        onSubmit={(event) => {
          event.preventDefault()
          const text = field.current?.value.trim() ?? ''
          if (text === '') field.current?.focus()
          else tell(text)
        }}
      >
        <label htmlFor={id}>{options.length > 0 ? say('Or in your own words') : say('Your answer')}</label>
        <textarea
          ref={field}
          id={id}
          rows={2}
          maxLength={100_000}
          className="act-field"
          value={draft.words ?? ''}
          onChange={(event) => write({ words: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
        />
        <div className="act-ways">
          <button type="submit" className={options.length > 0 ? 'button' : 'button button-first'}>
            {say('Answer')}
          </button>
          <button type="button" className="button" onClick={() => give({ allow: false, scope: 'once' })}>
            {say('Don’t answer')}
          </button>
        </div>
      </form>
    </>
  )
}
