import { useRef } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import { goToAgents } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { Icon } from '../view/icons.tsx'
import { agentTitle, faultText, fixText } from '../words/titles.ts'
import { say, sayCount } from '../words/say.ts'
import { Field } from './field.tsx'
import { linesOf } from './form-draft.ts'
import { LeaveDialog } from './leave-dialog.tsx'
import { ToolsField } from './tools-field.tsx'
import { TrialBox } from './trial-box.tsx'
import { useForm, type FormGiven } from './use-form.ts'

type Given = FormGiven & {
  /** The form is to begin again from the agent as it is now. */
  renew?: (now: AgentDetail) => void
}

/** An agent as one writes it. What was typed is kept until it is saved or thrown away. */
export function AgentForm(given: Given) {
  const { name, now, renew } = given
  const { machine } = useApp()
  const { agents, models } = useCell(machine)
  const { fields, change, wrongs, fault, saving, dirty, stale, form, save, saveOver, discard } = useForm(given)
  const leave = useRef<HTMLDialogElement>(null)
  const away = () => goToAgents(name ?? undefined)
  const others = agents.filter((agent) => agent.name !== (name ?? fields.name))
  const examples = linesOf(fields.examples).length
  return (
    <>
      <form
        ref={form}
        noValidate
        aria-label={say('Agent')}
        className="mt-6 space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || !(event.key === 's' || event.key === 'Enter')) return
          event.preventDefault()
          save()
        }}
      >
        {stale && now !== null && (
          <Stale
            overwrite={saveOver}
            take={() => {
              discard()
              renew?.(now)
            }}
          />
        )}
        <Field field="title" label={say('Name')} wrong={wrongs.title}>
          {(as) => (
            <input
              {...as}
              value={fields.title}
              onChange={(event) => change({ title: event.target.value })}
              autoComplete="off"
            />
          )}
        </Field>
        {name === null && (
          <Field
            field="name"
            label={say('Short name')}
            wrong={wrongs.name}
            hint={say('A message that begins with @{name} goes to it.', {
              name: fields.name === '' ? 'name' : fields.name,
            })}
          >
            {(as) => (
              <input
                {...as}
                value={fields.name}
                onChange={(event) => change({ name: event.target.value })}
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="off"
              />
            )}
          </Field>
        )}
        <Field
          field="about"
          label={say('What it is for')}
          wrong={wrongs.about}
          hint={say('One or two sentences, for you.')}
        >
          {(as) => (
            <textarea
              {...as}
              rows={2}
              value={fields.about}
              onChange={(event) => change({ about: event.target.value })}
            />
          )}
        </Field>
        <Field
          field="instructions"
          label={say('Instructions')}
          wrong={wrongs.instructions}
          hint={say('What the model is told before each answer: who it is, how it answers, what it leaves out.')}
        >
          {(as) => (
            <textarea
              {...as}
              rows={10}
              value={fields.instructions}
              onChange={(event) => change({ instructions: event.target.value })}
            />
          )}
        </Field>
        <Field
          field="examples"
          label={say('Messages that it answers')}
          wrong={wrongs.examples}
          side={examples === 0 ? undefined : sayCount(examples, '1 message', '{n} messages')}
          hint={say(
            'One a line, as people type them, in every language that you use; ten varied ones do. Without any it answers only when it is chosen.',
          )}
        >
          {(as) => (
            <textarea
              {...as}
              rows={7}
              value={fields.examples}
              onChange={(event) => change({ examples: event.target.value })}
            />
          )}
        </Field>
        <Field
          field="models"
          label={say('Models it prefers')}
          wrong={wrongs.models}
          hint={
            <>
              {say('One a line, the best first: the name of a model, or what it must be able to do, as in')}{' '}
              <code className="font-mono text-[12px] text-soft as-typed">tools+context&gt;=32k</code>.{' '}
              {models.length > 0 &&
                say('Here are: {models}.', {
                  models: models
                    .slice(0, 6)
                    .map((m) => m.name)
                    .join(', '),
                })}
            </>
          }
        >
          {(as) => (
            <textarea
              {...as}
              rows={2}
              value={fields.models}
              onChange={(event) => change({ models: event.target.value })}
              spellCheck={false}
              autoCapitalize="off"
            />
          )}
        </Field>
        <ToolsField value={fields.tools} change={(tools) => change({ tools })} />
        {wrongs.tools !== undefined && <p className="text-[13px] text-bad">{wrongs.tools}</p>}
        <fieldset data-field="mayDelegateTo">
          <legend className="mb-1.5 text-[14.5px] font-[560]">{say('May ask for help')}</legend>
          <div className="flex flex-wrap gap-2">
            {others.map((agent) => (
              <label
                key={agent.name}
                className="inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-lg border border-line bg-raise px-2.5 text-[13.5px] text-soft hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent phone:min-h-10"
              >
                <input
                  type="checkbox"
                  checked={fields.mayDelegateTo.includes(agent.name)}
                  onChange={(event) =>
                    change({
                      mayDelegateTo: event.target.checked
                        ? [...fields.mayDelegateTo, agent.name]
                        : fields.mayDelegateTo.filter((other) => other !== agent.name),
                    })
                  }
                  className="tick"
                />
                <AgentMark agent={agent.name} small />
                {agentTitle(agent.title)}
              </label>
            ))}
          </div>
          {wrongs.mayDelegateTo !== undefined && <p className="mt-1.5 text-[13px] text-bad">{wrongs.mayDelegateTo}</p>}
        </fieldset>
        <div className="sticky bottom-0 z-10 -mx-6 border-t border-line bg-page px-6 py-3 phone:-mx-4 phone:px-4">
          {fault !== null && (
            <p role="alert" className="mb-2.5 text-[13.5px]" data-testid="save-fault">
              <span className="text-bad">
                {Object.keys(wrongs).length > 0 ? say('Some fields need another look.') : faultText(fault)}
              </span>{' '}
              {Object.keys(wrongs).length === 0 && <span className="text-soft">{fixText(fault)}</span>}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-2">
            <button
              type="submit"
              className="button button-first"
              disabled={saving || !dirty}
              title={say('Save (Ctrl S)')}
            >
              {saving ? say('Saving, and learning what it answers…') : say('Save')}
            </button>
            <button type="button" className="button" onClick={() => (dirty ? leave.current?.showModal() : away())}>
              {say('Leave')}
            </button>
            <span className="ml-auto text-[13px] text-faint" role="status">
              {dirty && !saving ? say('Not saved yet; kept in this browser') : ''}
            </span>
          </div>
        </div>
      </form>
      <LeaveDialog
        box={leave}
        keep={away}
        discard={() => {
          discard()
          away()
        }}
      />
      <div className="mt-4">
        <TrialBox
          about={say('This goes by what is saved: save first, then see what has changed.')}
          examples={linesOf(fields.examples).slice(0, 4)}
        />
      </div>
    </>
  )
}

function Stale({ overwrite, take }: { overwrite: () => void; take: () => void }) {
  return (
    <div role="alert" data-testid="stale" className="flex gap-3 rounded-xl bg-warn-wash p-4 text-[14px]">
      <Icon name="warn" className="mt-0.5 size-[18px] text-warn" />
      <div className="min-w-0 flex-1">
        <p className="font-[560]">{say('This agent was changed meanwhile: in another window, or its file by hand.')}</p>
        <div className="mt-2.5 flex flex-wrap gap-2">
          <button type="button" className="button" onClick={take}>
            {say('Show what it is now')}
          </button>
          <button type="button" className="button" onClick={overwrite}>
            {say('Save mine all the same')}
          </button>
        </div>
      </div>
    </div>
  )
}
