import { factsOf, isPicture, srcOf, type Item } from '../state/brought.ts'
import { bytes, percent } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** One file that is attached: what it is, how far it is on its way to the server, and why it is not. */
export function Chip(props: { item: Item; remove: () => void; again: () => void; putIn: () => void }) {
  const { item, remove, again, putIn } = props
  const bad = item.state === 'failed' || item.state === 'gone'
  return (
    <li
      data-testid="chip"
      data-state={item.state}
      className={`group relative flex h-14 max-w-full items-center gap-2.5 flex-none overflow-hidden rounded-xl border pr-1 pl-1.5 ${item.pasted === true && !bad ? 'w-68' : 'w-[13.75rem]'} ${bad ? 'border-transparent bg-bad-wash' : 'border-line bg-page'}`}
    >
      <Thumb item={item} bad={bad} />
      <div className="min-w-0 flex-1 leading-tight" title={item.why ?? item.name}>
        <p className="truncate text-[13.5px] font-[540]">
          <bdi>{item.name}</bdi>
        </p>
        <p className={`figures mt-0.5 truncate text-[12px] ${bad ? 'text-bad' : 'text-faint'}`}>
          {words(item)}
          {item.pasted === true && !bad && (
            <>
              {' · '}
              <button
                type="button"
                className="py-1 underline underline-offset-2 hover:text-ink"
                title={say('Put it into the message instead')}
                onClick={putIn}
              >
                {say('Insert as text')}
              </button>
            </>
          )}
        </p>
      </div>
      {item.again === true && item.state === 'failed' && (
        <button
          type="button"
          className="tap flex-none"
          title={say('Try again')}
          aria-label={say('Try {name} again', { name: item.name })}
          onClick={again}
        >
          <Icon name="again" className="size-4" />
        </button>
      )}
      <button
        type="button"
        data-remove
        className="inline-flex size-7 flex-none items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-ink phone:size-10"
        title={say('Remove (Delete)')}
        aria-label={say('Remove {name}', { name: item.name })}
        onClick={remove}
      >
        <Icon name="close" className="size-4" />
      </button>
      {item.state === 'storing' && (
        <span className="absolute inset-x-0 bottom-0 h-0.5 bg-line" aria-hidden="true">
          <span className="bar block h-full bg-accent transition-[width]" style={{ width: `${item.part * 100}%` }} />
        </span>
      )}
    </li>
  )
}

function words(item: Item): string {
  switch (item.state) {
    case 'storing':
      return item.part > 0 && item.part < 1 ? `${factsOf(item)} · ${percent(item.part)}` : factsOf(item)
    case 'waiting':
      return say('Waits for the server')
    case 'stored':
      return item.pasted === true ? bytes(item.bytes) : factsOf(item)
    case 'failed':
    case 'gone':
      return say('Not attached')
  }
}

function Thumb({ item, bad }: { item: Item; bad: boolean }) {
  const src = item.preview ?? (item.id === null ? null : srcOf(item.id))
  if (isPicture(item) && src !== null && !bad)
    return <img src={src} alt="" className="size-10 flex-none rounded-lg bg-sunk object-cover" />
  return (
    <span
      className={`inline-flex size-10 flex-none items-center justify-center rounded-lg ${bad ? 'text-bad' : 'bg-accent-wash text-accent'}`}
    >
      <Icon name={bad ? 'warn' : isPicture(item) ? 'image' : 'page'} />
    </span>
  )
}
