import { useRef, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { AlwaysBox } from './always-box.tsx'
import { focusSoon } from './focus-soon.ts'
import { addMemory } from './memory-calls.ts'
import { MemoryText } from './memory-text.tsx'
import { ReachField } from './reach-field.tsx'

/** Something new to remember. `project` where that is settled. */
export function MemoryAdd({ project }: { project?: ProjectId }) {
  const app = useApp()
  const [open, setOpen] = useState(false)
  const [reach, setReach] = useState<ProjectId | null>(project ?? null)
  const [always, setAlways] = useState(false)
  const { asking, refused, ask, forget } = useAsking()
  const box = useRef<HTMLDivElement>(null)
  const shut = () => {
    setOpen(false)
    focusSoon(box)
  }
  if (!open)
    return (
      <div ref={box}>
        <button type="button" className="button min-h-10" onClick={() => setOpen(true)}>
          <Icon name="plus" className="size-4" />
          {say('Add a memory')}
        </button>
      </div>
    )
  return (
    <div ref={box} className="w-full rounded-2xl border border-line bg-raise p-4">
      <MemoryText
        text=""
        asking={asking}
        refused={refused}
        cancel={() => {
          forget()
          shut()
        }}
        save={(text) =>
          ask(
            async () => {
              const answer = await addMemory(app, { text, project: reach, always })
              return answer.ok ? null : answer.fault
            },
            () => {
              shut()
              setAlways(false)
              app.aloud.set(say('It is remembered.'))
            },
          )
        }
      >
        {project === undefined && <ReachField reach={reach} label={say('Where it is known')} choose={setReach} />}
        <AlwaysBox always={always} choose={setAlways} />
      </MemoryText>
    </div>
  )
}
