import type { ModelInfo, Pace } from '../../wire/model.ts'
import type { InstalledModel } from '../../wire/shelf.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { modelFacts, speedWords } from '../state/endpoint-words.ts'
import { wishFor } from '../state/model-line.ts'
import { bytes } from '../state/wording.ts'
import { FileActions } from './file-actions.tsx'
import { PaceLine } from './pace-line.tsx'
import { PreferredBy } from './preferred-by.tsx'
import { say, sayCount } from '../words/say.ts'

/** A model that can be asked: what it is, how fast it was here, and what one can do with it. */
export function ModelRow(props: {
  model: ModelInfo
  local: boolean
  usual: boolean
  file: InstalledModel | null
  /** Of its last answers. */
  paces: readonly Pace[]
}) {
  const { model, local, usual, file, paces } = props
  const { talk, toChat } = useApp()
  const wish = useCell(talk.wish)
  const wished = wish.model === wishFor(model)
  const speed = speedWords(model.speed)
  return (
    <li
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line py-3 pr-4 pl-10 phone:px-4"
      data-testid="model"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="text-[14.5px] font-[540] break-all">{model.name}</span>
          {usual && <Tag strong>{say('answers by default')}</Tag>}
          {wished && <Tag strong>{say('chosen for this chat')}</Tag>}
          {model.loaded === true && (
            <Tag>
              {model.memory === undefined ? say('in memory') : say('in memory, {size}', { size: bytes(model.memory) })}
            </Tag>
          )}
        </p>
        <p className="figures mt-0.5 text-[13px] text-soft">
          {model.practice
            ? say('Only shows how PKN works, and knows nothing.')
            : modelFacts(model, file?.bytes ?? model.bytes).join(' · ')}
        </p>
        {speed !== null && (
          <p
            className="figures mt-0.5 text-[13px] text-faint"
            title={sayCount(
              model.speed?.answers ?? 0,
              'Measured here, over 1 answer',
              'Measured here, over {n} answers',
            )}
          >
            {speed}
          </p>
        )}
        <PaceLine paces={paces} />
        <PreferredBy model={model} />
      </div>
      <div className="flex flex-none flex-wrap items-center gap-2">
        {!wished && (
          <button
            type="button"
            className="quiet min-h-8.5 phone:min-h-10"
            aria-label={say('Ask {model} in this chat', { model: model.name })}
            onClick={() => {
              talk.wish.set({ ...wish, model: wishFor(model) })
              toChat()
            }}
          >
            {local ? say('Ask it in this chat') : say('Ask it in this chat…')}
          </button>
        )}
        {file !== null && <FileActions file={file} />}
      </div>
    </li>
  )
}

export function Tag({ strong = false, children }: { strong?: boolean; children: string }) {
  return (
    <span
      className={`rounded-full px-2 py-0.5 text-[12px] ${strong ? 'bg-accent-wash text-accent' : 'bg-sunk text-soft'}`}
    >
      {children}
    </span>
  )
}
