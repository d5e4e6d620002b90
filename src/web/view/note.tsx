import type { ReactNode } from 'react'
import { goToModels } from '../live/address.ts'
import { Icon, type IconName } from './icons.tsx'
import { say } from '../words/say.ts'

/** A quiet remark between the parts of an answer. */
export function Note({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 py-1 text-[13.5px] text-soft" data-testid="note">
      <Icon name={icon} className="mt-0.5 size-4 text-faint" />
      <span>{children}</span>
    </p>
  )
}

/** Of a message that was only kept, or was stopped before its turn came. */
export const NotAsked = ({ again }: { again: () => void }) => (
  <div className="flex flex-wrap items-center gap-x-3">
    <Note icon="stop">{say('No model was asked. Your message is kept.')}</Note>
    <button type="button" className="button" onClick={again}>
      {say('Ask now')}
    </button>
  </div>
)

export function PracticeNote() {
  return (
    <div className="flex gap-3 rounded-xl bg-warn-wash p-4 text-[14px] text-soft" data-testid="practice">
      <Icon name="warn" className="mt-0.5 size-[18px] text-warn" />
      <p>
        <strong className="font-[560] text-ink">{say('This is the practice model.')}</strong>{' '}
        {say('It only shows how PKN works and knows nothing.')}{' '}
        <button type="button" className="font-[540] text-ink underline underline-offset-2" onClick={goToModels}>
          {say('Get a real one')}
        </button>
        .
      </p>
    </div>
  )
}
