import type { ReactNode } from 'react'
import { goToAgents } from '../live/address.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="mb-2.5 text-[17px] font-[580] tracking-[-0.01em]">{title}</h2>
      {children}
    </section>
  )
}

export const ToAll = () => (
  <button type="button" className="quiet -ml-2" onClick={() => goToAgents()}>
    <Icon name="back" className="size-4" />
    {say('All agents')}
  </button>
)
