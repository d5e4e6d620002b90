import { useRef, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import type { Memory } from '../../wire/mind.ts'
import { useApp } from '../live/app.ts'
import { momentHash } from '../live/address.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { revealed } from '../markdown/hidden.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { clock } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { sayWith } from '../words/say-with.tsx'
import { agentTitle, faultText } from '../words/titles.ts'
import { AlwaysBox } from './always-box.tsx'
import { changeMemory, forget, type NewMemory } from './memory-calls.ts'
import { focusSoon } from './focus-soon.ts'
import type { Memories } from './memories.ts'
import { MemoryText } from './memory-text.tsx'
import { ReachField } from './reach-field.tsx'
import { shortly } from './shortly.ts'

/** Something that is remembered: changed in its place, moved, forgotten. */
export function MemoryRow({ memory, list }: { memory: Memory; list: Memories }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const [editing, edit] = useState(false)
  const row = useRef<HTMLLIElement>(null)
  const { id, text, project, always } = memory
  const shut = () => {
    edit(false)
    focusSoon(row)
  }
  const change = (what: Partial<NewMemory>) =>
    ask(
      async () => {
        const answer = await changeMemory(app, id, what)
        if (answer.ok) list.put(answer.value)
        return answer.ok ? null : answer.fault
      },
      () => {
        if (editing) shut()
      },
    )
  const name = shortly(text)
  const now = new Date(useDay())
  return (
    <li ref={row} className="py-3.5" data-testid="memory">
      {editing ? (
        <MemoryText text={text} asking={asking} refused={refused} cancel={shut} save={(to) => change({ text: to })} />
      ) : (
        <>
          <div className="flex items-start gap-1">
            <p className="min-w-0 flex-1 py-1.5 text-[15px] break-words whitespace-pre-wrap">{revealed(text)}</p>
            <button
              type="button"
              className="tap"
              aria-label={say('Edit “{text}”', { text: name })}
              title={say('Edit')}
              onClick={() => edit(true)}
            >
              <Icon name="pencil" className="size-[17px]" />
            </button>
            <button
              type="button"
              className="tap"
              disabled={asking}
              aria-label={say('Forget “{text}”', { text: name })}
              title={say('Forget')}
              onClick={({ currentTarget }) => {
                const here = currentTarget.closest('li')
                const next = here?.nextElementSibling ?? here?.previousElementSibling
                ask(
                  () => forget(app, memory),
                  () => {
                    next?.querySelector<HTMLElement>('button:last-of-type')?.focus()
                    list.drop(id)
                  },
                )
              }}
            >
              <Icon name="bin" className="size-[17px]" />
            </button>
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
            <AlwaysBox always={always} choose={(to) => change({ always: to })} />
            <ReachField
              quiet
              reach={project}
              label={say('Where “{text}” is known', { text: name })}
              choose={(to: ProjectId | null) => change({ project: to })}
            />
            <p className="figures text-[12.5px] text-faint">
              <Writer memory={memory} />
              {` · ${usedWords(memory, now)}`}
            </p>
          </div>
          {refused !== null && (
            <p role="alert" className="mt-1 text-[13.5px] text-bad">
              {faultText(refused)}
            </p>
          )}
        </>
      )}
    </li>
  )
}

function Writer({ memory: { by, created } }: { memory: Memory }) {
  const { agents } = useCell(useApp().machine)
  const when = clock(created, new Date(useDay()))
  if (by.kind === 'person') return say('by you, {when}', { when })
  const title = agentTitle(agents.find(({ name }) => name === by.agent)?.title ?? by.agent)
  const link = (
    <a href={momentHash(by.run, null)} className="underline underline-offset-2 hover:text-ink">
      {title}
    </a>
  )
  return sayWith('by {agent}, {when}', { agent: link, when })
}

/** In how many answers it was told, and when last. */
function usedWords({ used, lastUsed }: Memory, now: Date): string {
  if (used === 0 || lastUsed === null) return say('not used yet')
  return sayCount(used, 'used once, {when}', 'used {n} times, last {when}', { when: clock(lastUsed, now) })
}
