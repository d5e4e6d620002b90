import { useEffect, useState } from 'react'
import { Title } from '../agents/title.tsx'
import type { ProjectId } from '../../wire/id.ts'
import type { Project } from '../../wire/mind.ts'
import { goTo, goToProjects } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { asked, type Answered } from '../live/asked.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { Part } from '../agents/part.tsx'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { Documents } from './documents.tsx'
import { MemoryList } from './memory-list.tsx'
import { changeProject, removeProject } from './project-calls.ts'
import { ProjectChats } from './project-chats.tsx'
import { ProjectForm } from './project-form.tsx'

/** All of one project. */
export function ProjectPage({ id }: { id: ProjectId }) {
  const app = useApp()
  const { projects } = useCell(app.projects.state)
  const known = projects.find((project) => project.id === id)
  const [answer, setAnswer] = useState<Answered<Project> | null>(null)
  useEffect(() => {
    let left = false
    const read = async () => {
      const got = await asked(app, () => app.client.call('projectsRead', { params: { project: id } }))
      if (!left) setAnswer(got)
    }
    own(read())
    const off = app.projects.changed.on(() => own(read()))
    return () => {
      left = true
      off()
    }
  }, [app, id])
  const project = answer?.ok === true ? answer.value : known
  return (
    <>
      <button type="button" className="quiet -ml-2" onClick={() => goToProjects()}>
        <Icon name="back" className="size-4" />
        {say('All projects')}
      </button>
      {answer?.ok === false ? (
        <div className="mt-6">
          <FaultCard fault={answer.fault} />
        </div>
      ) : project === undefined ? (
        <p className="mt-6 text-[15px] text-soft" aria-busy="true">
          {say('Reading the project…')}
        </p>
      ) : (
        <Whole project={project} />
      )}
    </>
  )
}

function Whole({ project }: { project: Project }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const { id, name, folder, instructions } = project
  return (
    <article data-testid="project-page">
      <div className="mt-3 flex items-start gap-3">
        <Icon name="project" className="mt-2 size-6 text-accent" />
        <div className="min-w-0 flex-1">
          <Title>{name}</Title>
        </div>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <button type="button" className="button button-first" onClick={() => goTo(null, id)}>
          <Icon name="plus" className="size-4" />
          {say('New chat in this project')}
        </button>
        <button
          type="button"
          className="button"
          disabled={asking}
          onClick={() =>
            ask(
              () => removeProject(app, project),
              () => goToProjects(),
            )
          }
        >
          <Icon name="bin" className="size-4" />
          {asking ? say('Removing…') : say('Remove')}
        </button>
      </div>
      {refused !== null && (
        <p role="alert" className="mt-2 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
      <Part title={say('Settings of the project')}>
        <ProjectForm
          kept={id}
          begun={{ name, folder, instructions }}
          verb={say('Save')}
          save={async (fields) => {
            const answer = await changeProject(app, project, fields)
            return answer.ok ? null : answer.fault
          }}
          done={() => app.aloud.set(say('Saved.'))}
        />
      </Part>
      <Part title={say('Documents')}>
        <Documents project={id} />
      </Part>
      <Part title={say('Memories')}>
        <MemoryList project={id} />
      </Part>
      <Part title={say('Chats')}>
        <ProjectChats project={id} />
      </Part>
    </article>
  )
}
