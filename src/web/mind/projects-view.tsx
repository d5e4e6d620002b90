import { useEffect, useRef, useState } from 'react'
import { useHash } from '../agents/where.ts'
import type { ProjectId } from '../../wire/id.ts'
import type { Project } from '../../wire/mind.ts'
import { goToProjects } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { Icon } from '../view/icons.tsx'
import { ViewHead } from '../view/view-head.tsx'
import { say, sayCount } from '../words/say.ts'
import { createProject } from './project-calls.ts'
import { ProjectForm } from './project-form.tsx'
import { ProjectPage } from './project-page.tsx'

/** All projects, or one. */
export function ProjectsView() {
  const [, one] = /^#\/projects\/(prj_[0-9a-z]{20,40})$/.exec(useHash()) ?? []
  return (
    <main
      key={one ?? ''}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      aria-label={say('Projects')}
      data-testid="projects"
    >
      <div className="mx-auto w-full max-w-[48rem] px-6 pt-4 pb-24 phone:px-4">
        {one === undefined ? <All /> : <ProjectPage id={one as ProjectId} />}
      </div>
    </main>
  )
}

function All() {
  const app = useApp()
  const { projects, read } = useCell(app.projects.state)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    title.current?.focus()
    app.projects.look()
  }, [app])
  const [making, make] = useState(false)
  return (
    <>
      <ViewHead title={say('Projects')} at={title} toChat={app.toChat} />
      <p className="mt-2 mb-5 text-[15px] text-soft">
        {say('What several chats share: a folder to work in, instructions, memories and documents.')}
      </p>
      {making ? (
        <div className="mb-6 rounded-2xl border border-line bg-raise p-5 phone:p-4">
          <ProjectForm
            kept="new"
            begun={{ name: '', folder: null, instructions: '' }}
            verb={say('Begin the project')}
            save={async (fields) => {
              const answer = await createProject(app, fields)
              if (answer.ok) goToProjects(answer.value.id)
              return answer.ok ? null : answer.fault
            }}
            done={() => make(false)}
          />
        </div>
      ) : (
        <button type="button" className="button mb-6" onClick={() => make(true)}>
          <Icon name="plus" className="size-4" />
          {say('New project')}
        </button>
      )}
      {!read && (
        <p className="text-[14.5px] text-soft" aria-busy="true">
          {say('Looking…')}
        </p>
      )}
      {read && projects.length === 0 && !making && (
        <p className="rounded-2xl border border-line bg-raise p-5 text-[14.5px] text-soft" data-testid="no-project">
          {say(
            'There is no project yet. Begin one for something that takes more than one chat: a report, a house, a program.',
          )}
        </p>
      )}
      {projects.length > 0 && (
        <ul className="grid grid-cols-2 gap-3 phone:grid-cols-1" aria-label={say('Projects')}>
          {projects.map((project) => (
            <Card key={project.id} project={project} />
          ))}
        </ul>
      )}
    </>
  )
}

function Card({ project: { id, name, folder, sessions } }: { project: Project }) {
  return (
    <li className="min-w-0">
      <a
        href={`#/projects/${id}`}
        data-testid="project"
        className="flex h-full items-start gap-3 rounded-2xl border border-line bg-raise p-4 transition-colors hover:bg-hover"
      >
        <Icon name="project" className="mt-0.5 size-5 text-accent" />
        <span className="min-w-0 flex-1">
          <span className="block text-[15px] font-[560] break-words">{name}</span>
          {folder !== null && (
            <span className="mt-0.5 block font-mono text-[12.5px] break-all text-soft">{folder}</span>
          )}
          <span className="figures mt-1 block text-[12.5px] text-faint">
            {sessions === 0 ? say('no chat yet') : sayCount(sessions, '1 chat', '{n} chats', {})}
          </span>
        </span>
      </a>
    </li>
  )
}
