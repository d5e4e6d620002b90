import type { Planning } from '../../wire/message.ts'
import { ChoiceMenu, type Choice } from '../view/choice-menu.tsx'
import { Icon, type IconName } from '../view/icons.tsx'
import { say } from '../words/say.ts'

const choice = (value: Planning, icon: IconName, title: string, about: string): Choice => ({
  value,
  title,
  about,
  mark: (
    <span className="inline-flex size-7 flex-none items-center justify-center rounded-lg bg-accent-wash text-accent">
      <Icon name={icon} className="size-[17px]" />
    </span>
  ),
})
const choices = (): Choice[] => [
  choice('never', 'up', say('No plan'), say('It begins at once.')),
  choice(
    'complex',
    'split',
    say('Plan what is complex'),
    say('Where the message asks for much, you see the steps first.'),
  ),
  choice('always', 'steps', say('Plan first'), say('You see the steps, and change and approve them before it begins.')),
]

/** Whether the answer begins with a plan that waits for its approval. */
export function PlanPicker({ plan, choose }: { plan: Planning; choose: (plan: Planning) => void }) {
  const all = choices()
  const title = all.find(({ value }) => value === plan)?.title ?? ''
  return (
    <ChoiceMenu
      name={say('Plan first?')}
      label={say('Plan first?: {choice}', { choice: title })}
      value={plan}
      groups={[{ heading: null, choices: all }]}
      choose={(value) => choose(value === 'always' || value === 'complex' ? value : 'never')}
      bare
    >
      <span className={plan === 'never' ? undefined : 'text-accent'} data-plan={plan}>
        <Icon name="steps" className="size-[17px]" />
      </span>
    </ChoiceMenu>
  )
}
