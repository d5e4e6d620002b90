import { useId, useRef, useState } from 'react'
import { useApp } from '../live/app.ts'
import { Icon } from '../view/icons.tsx'
import { useAsking } from './use-shelf.ts'
import { say } from '../words/say.ts'
import { sayWith } from '../words/say-with.tsx'
import { faultText, fixText } from '../words/titles.ts'

/** For any model that is not in the catalogue. The server judges what was written, and its words stand under the field. */
export function GetField({ label, placeholder }: { label?: string; placeholder?: string }) {
  const { shelf, aloud } = useApp()
  const [what, setWhat] = useState('')
  const [begun, setBegun] = useState<string | null>(null)
  const { asking, refused, ask, forget } = useAsking()
  const field = useRef<HTMLInputElement>(null)
  const [id, hint] = [useId(), useId()]
  const get = async (asked: string) => {
    const fault = await shelf.get(asked)
    if (fault !== null) field.current?.focus()
    return fault
  }
  return (
    <form
      className="mt-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const asked = what.trim()
        if (asked === '') return field.current?.focus()
        ask(
          () => get(asked),
          () => {
            aloud.set(say('Getting {model}', { model: asked }))
            setBegun(asked)
            // What was typed meanwhile is the next one.
            setWhat((now) => (now.trim() === asked ? '' : now))
          },
        )
      }}
    >
      <label htmlFor={id} className="text-[15px] font-[560]">
        {label ?? say('Any other model')}
      </label>
      <div className="mt-2 flex gap-2 phone:flex-col">
        <input
          ref={field}
          id={id}
          value={what}
          onChange={(event) => {
            setWhat(event.target.value)
            forget()
          }}
          placeholder={placeholder ?? 'hf:owner/repo/file.gguf'}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={refused !== null}
          aria-describedby={hint}
          className={`min-h-10 min-w-0 flex-1 rounded-lg border bg-raise px-3 font-mono text-[13.5px] text-ink placeholder:text-faint phone:flex-none ${refused === null ? 'border-rule' : 'border-bad'}`}
        />
        <button type="submit" className="button min-h-10" disabled={asking}>
          <Icon name="get" className="size-4" />
          {asking ? say('Asking…') : say('Get')}
        </button>
      </div>
      <p
        id={hint}
        className="mt-2 min-h-10 text-[13px]"
        role={refused === null ? undefined : 'alert'}
        data-testid="get-hint"
      >
        {begun !== null && what === '' && refused === null ? (
          <span className="text-soft [overflow-wrap:anywhere]">
            {sayWith('Getting {model}: how far it is stands at the top of this page.', { model: <Code>{begun}</Code> })}
          </span>
        ) : refused === null ? (
          <span className="text-faint">
            {sayWith(
              'From Hugging Face {hf}, by Ollama {ollama}, the address of a file {url}, or a path on this machine.',
              {
                hf: <Code>hf:owner/repo/file.gguf</Code>,
                ollama: <Code>ollama:name</Code>,
                url: <Code>https://…</Code>,
              },
            )}
          </span>
        ) : (
          <>
            <span className="block text-bad">{faultText(refused)}</span>
            <span className="block text-soft">{fixText(refused)}</span>
          </>
        )}
      </p>
    </form>
  )
}

const Code = ({ children }: { children: string }) => <code className="font-mono text-[12px] text-soft">{children}</code>
