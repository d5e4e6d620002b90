import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import { fit } from '../compose/fit.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { faultText, fixText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import type { ProjectFields } from './project-calls.ts'

const FIELD = 'mt-1.5 block w-full rounded-xl border bg-raise px-3.5 text-ink placeholder:text-faint'

/** Name, folder and instructions of a project. What is typed is kept in this browser until it is saved. */
export function ProjectForm(props: {
  /** Under which what is typed is kept. */
  kept: string
  begun: ProjectFields
  /** On the button, and of what stands there while nothing is changed. */
  verb: string
  save: (fields: ProjectFields) => Promise<FaultData | null>
  done: () => void
  children?: ReactNode
}) {
  const { begun, save, done } = props
  const key = `pkn.project.${props.kept}`
  const id = useId()
  const [fields, setFields] = useState<ProjectFields>(() => keptFields(key) ?? begun)
  const [saved, setSaved] = useState(false)
  // What was saved, here or elsewhere, is begun with anew, unless something else was typed here.
  const [base, setBase] = useState(begun)
  if (!isSame(base, begun)) {
    setBase(begun)
    if (isSame(fields, base)) setFields(begun)
  }
  const { asking, refused, ask } = useAsking()
  const form = useRef<HTMLFormElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => fit(area.current, fields.instructions), [fields.instructions])
  const fresh = begun.name === ''
  useEffect(() => {
    if (fresh) form.current?.querySelector('input')?.focus()
  }, [fresh])
  const dirty = !isSame(fields, begun)
  const change = (part: Partial<ProjectFields>) => {
    const next = { ...fields, ...part }
    setFields(next)
    setSaved(false)
    keep(key, isSame(next, begun) ? null : next)
  }
  const submit = () => {
    const name = fields.name.trim()
    if (name === '') return form.current?.querySelector('input')?.focus()
    const folder = (fields.folder ?? '').trim()
    const whole = { ...fields, name, folder: folder === '' ? null : folder }
    ask(
      async () => {
        const fault = await save(whole)
        if (fault?.code === 'project.folder') form.current?.querySelector<HTMLElement>(`[name=folder]`)?.focus()
        return fault
      },
      () => {
        keep(key, null)
        setFields(whole)
        setSaved(true)
        done()
      },
    )
  }
  const folderFault = refused?.code === 'project.folder' ? refused : null
  return (
    <form
      ref={form}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        submit()
      }}
    >
      <div>
        <label htmlFor={`${id}name`} className="text-[14.5px] font-[560]">
          {say('Name')}
        </label>
        <input
          id={`${id}name`}
          required
          maxLength={200}
          value={fields.name}
          onChange={({ target }) => change({ name: target.value })}
          className={`${FIELD} min-h-10 border-rule text-[15px]`}
        />
      </div>
      <div>
        <label htmlFor={`${id}folder`} className="text-[14.5px] font-[560]">
          {say('Folder')}
        </label>
        <input
          id={`${id}folder`}
          name="folder"
          maxLength={4096}
          autoComplete="off"
          spellCheck={false}
          placeholder="/home/me/project"
          value={fields.folder ?? ''}
          aria-invalid={folderFault !== null}
          aria-describedby={`${id}about`}
          onChange={({ target }) => change({ folder: target.value })}
          className={`${FIELD} min-h-10 font-mono text-[13.5px] ${folderFault === null ? 'border-rule' : 'border-bad'}`}
        />
        <p id={`${id}about`} className="mt-1.5 text-[13px] text-faint">
          {folderFault !== null && (
            <span className="block text-bad" role="alert" data-testid="wrong-folder">
              {`${faultText(folderFault)} ${fixText(folderFault)}`}
            </span>
          )}
          {say('Tools of agents work in it, and ask before they write. Left out, each chat has a folder of its own.')}
        </p>
      </div>
      <div>
        <label htmlFor={`${id}instructions`} className="text-[14.5px] font-[560]">
          {say('Instructions')}
        </label>
        <textarea
          ref={area}
          id={`${id}instructions`}
          rows={4}
          maxLength={20_000}
          value={fields.instructions}
          onChange={({ target }) => change({ instructions: target.value })}
          className={`${FIELD} field-sizing-content max-h-[50dvh] min-h-28 resize-none border-rule py-2.5 text-[15px] leading-normal`}
          aria-describedby={`${id}told`}
        />
        <p id={`${id}told`} className="mt-1.5 text-[13px] text-faint">
          {say('Told to every agent that answers in this project.')}
        </p>
      </div>
      {refused !== null && folderFault === null && (
        <p role="alert" className="text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <button
          type="submit"
          className="button button-first"
          disabled={asking || (!dirty && fields.name.trim() !== '')}
        >
          {asking ? say('Saving…') : props.verb}
        </button>
        {(dirty || fresh) && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setFields(begun)
              keep(key, null)
              if (fresh) done()
            }}
          >
            {dirty ? say('Discard') : say('Cancel')}
          </button>
        )}
        <span role="status" className="px-1 text-[13px] text-soft" data-testid="saved">
          {dirty ? say('Not saved yet; kept in this browser.') : saved ? say('Saved.') : ''}
        </span>
        {props.children}
      </div>
    </form>
  )
}

const isSame = (a: ProjectFields, b: ProjectFields): boolean =>
  a.name === b.name && (a.folder ?? '') === (b.folder ?? '') && a.instructions === b.instructions

function keptFields(key: string): ProjectFields | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as ProjectFields | null
  } catch {
    return null
  }
}

function keep(key: string, fields: ProjectFields | null): void {
  try {
    if (fields === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(fields))
  } catch {
    // Full or forbidden: it is still in the page.
  }
}
