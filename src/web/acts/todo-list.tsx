import './acts.css'
import type { TodoItem } from '../../wire/shown.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

const MARKS = { open: 'box', doing: 'play', done: 'boxChecked' } as const

/** What is to be done, as it is now: one list, in its place, that changes as things are done. */
export function TodoList({ items }: { items: readonly TodoItem[] }) {
  const done = items.filter(({ state }) => state === 'done').length
  const words = { open: say('open'), doing: say('being done'), done: say('done') }
  return (
    <section
      className="act-todo"
      aria-label={say('To do, {done} of {n} done', { done, n: items.length })}
      data-testid="todo"
    >
      <h4 className="figures">{say('To do, {done} of {n} done', { done, n: items.length })}</h4>
      <ul>
        {items.map(({ text, state }, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- two items may have the same text
          <li key={i} className={`act-${state}`}>
            <Icon name={MARKS[state]} className="size-4" />
            <span>{text}</span>
            <span className="sr-only">({words[state]})</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
