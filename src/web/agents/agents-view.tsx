import { AgentPage } from './agent-page.tsx'
import { AgentList } from './agent-list.tsx'
import { EditAgent, NewAgent } from './agent-editor.tsx'
import { LessonsPage } from './lessons-page.tsx'
import { RemovedBar } from './removed-bar.tsx'
import { useHash, whereIn, type Where } from './where.ts'
import { say } from '../words/say.ts'
import './agents.css'

/** Everything about agents: who there is, what each is for, who would answer what, and the user's own. */
export function AgentsView() {
  const hash = useHash()
  const where = whereIn(hash)
  return (
    <main
      // Another place begins at its top.
      key={hash}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      aria-label={say('Agents')}
      data-testid="agents"
    >
      <div className="mx-auto w-full max-w-[52rem] px-6 pt-4 pb-16 phone:px-4">
        <Shown where={where} />
      </div>
      <RemovedBar />
    </main>
  )
}

function Shown({ where }: { where: Where }) {
  switch (where.show) {
    case 'all':
      return <AgentList />
    case 'one':
      return <AgentPage key={where.name} name={where.name} />
    case 'edit':
      return <EditAgent key={where.name} name={where.name} />
    case 'learnt':
      return <LessonsPage />
    case 'new':
      return <NewAgent key={where.from} from={where.from} />
  }
}
