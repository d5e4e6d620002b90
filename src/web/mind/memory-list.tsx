import { useEffect, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { More } from '../view/more.tsx'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { openMemories, type Reached } from './memories.ts'
import { MemoryAdd } from './memory-add.tsx'
import { MemoryRow } from './memory-row.tsx'
import { SELECT } from './reach-field.tsx'

/** What is remembered: of one project, or wherever it is known. */
export function MemoryList({ project }: { project?: ProjectId }) {
  const app = useApp()
  const { projects } = useCell(app.projects.state)
  const [list] = useState(() => openMemories(app))
  const { rows, next, reading } = useCell(list.state)
  const [asked, setAsked] = useState('')
  const [chosen, setChosen] = useState<Reached>('all')
  const reach = project ?? chosen
  useEffect(() => list.find(asked, reach), [list, asked, reach])
  useEffect(() => list.close, [list])
  const searching = asked.trim() !== '' || chosen !== 'all'
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {(rows.length > 0 || searching) && (
          <>
            <label className="flex min-h-10 min-w-52 flex-1 items-center gap-2.5 rounded-xl border border-rule bg-raise px-3.5">
              <Icon name="researcher" className="size-[18px] text-faint" />
              <span className="sr-only">{say('Search what is remembered')}</span>
              <input
                type="search"
                value={asked}
                maxLength={300}
                placeholder={say('Search what is remembered')}
                onChange={({ target }) => setAsked(target.value)}
                className="min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-faint"
              />
            </label>
            {project === undefined && projects.length > 0 && (
              <select
                aria-label={say('Which are shown')}
                className={SELECT}
                value={chosen ?? 'none'}
                onChange={({ target: { value } }) => setChosen(value === 'none' ? null : (value as Reached))}
              >
                <option value="all">{say('All')}</option>
                <option value="none">{say('Everywhere')}</option>
                {projects.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </>
        )}
        <MemoryAdd {...(project === undefined ? {} : { project })} />
      </div>
      {rows.length > 0 && (
        <ul aria-label={say('Memories')} aria-busy={reading} className="mt-2 divide-y divide-line">
          {rows.map((memory) => (
            <MemoryRow key={memory.id} memory={memory} list={list} />
          ))}
        </ul>
      )}
      {rows.length === 0 && reading && (
        <p className="mt-6 text-[14.5px] text-soft" aria-busy="true">
          {say('Looking…')}
        </p>
      )}
      {rows.length === 0 && !reading && searching && (
        <p className="mt-6 text-[14.5px] text-soft">{say('Nothing that is remembered fits that.')}</p>
      )}
      {rows.length === 0 && !reading && !searching && project !== undefined && (
        <p className="mt-3 text-[14px] text-soft">{say('Nothing is remembered for this project alone.')}</p>
      )}
      {rows.length === 0 && !reading && !searching && project === undefined && <Nothing />}
      {next !== null && <More key={`${asked} ${next}`} reading={reading} more={list.more} />}
      <p className="sr-only" role="status">
        {reading || asked.trim() === '' ? '' : sayCount(rows.length, '1 memory found', '{n} memories found')}
      </p>
    </div>
  )
}

function Nothing() {
  return (
    <div className="mt-6 rounded-2xl border border-line bg-raise p-5 text-[14.5px] text-soft" data-testid="no-memory">
      <p className="font-[560] text-ink">{say('Nothing is remembered yet.')}</p>
      <p className="mt-1.5">
        {say(
          'Write down what should be known in later chats: how you like things, names, dates, decisions. It is looked up for each message, and told to the agent where it fits.',
        )}
      </p>
      <p className="mt-1.5">
        {say(
          'Agents can remember, too: an agent asks you before it does, with the very words. All of it lies on this machine, in the folder of PKN.',
        )}
      </p>
    </div>
  )
}
