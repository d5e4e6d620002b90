import type { Hit } from '../../wire/search.ts'
import { goTo, goToMessage } from '../live/address.ts'
import { hitsOnce } from '../state/hits-once.ts'
import { say } from '../words/say.ts'
import { Mark, type Option } from './options.tsx'
import { keepReadingPlace } from '../live/reading-place.ts'
import { dayOf } from './when.ts'

/** What the server found. A chat that is listed by its title already is not listed twice. */
export const hitOptions = (hits: readonly Hit[], question: string, listed: ReadonlySet<string>): Option[] =>
  hitsOnce(hits)
    .filter((hit) => hit.message !== null || !listed.has(`chat:${hit.session}`))
    .map((hit) => toOption(hit, question))

function toOption(hit: Hit, question: string): Option {
  const { session, message, run, role, title } = hit
  const said = { side: dayOf(hit.created), ...marked(hit.parts) }
  if (message === null)
    return { id: `chat:${session}`, ...said, mark: <Mark name="general" />, act: () => goTo(session) }
  const spot = { session, message: role === 'assistant' ? (run ?? message) : message, question }
  return {
    id: `hit:${message}`,
    ...said,
    about: role === 'user' ? say('{title} · you', { title: title || say('New chat') }) : title || say('New chat'),
    mark: <Said by={role === 'user' ? 'you' : 'agent'} />,
    act: () => {
      keepReadingPlace()
      goToMessage(spot)
    },
  }
}

function marked(parts: Hit['parts']): Pick<Option, 'title' | 'places'> {
  let title = ''
  const places: { from: number; to: number }[] = []
  for (const { text: raw, hit } of parts) {
    // What is found is read, not drawn: the commonest signs of Markdown say nothing.
    const text = hit ? raw : raw.replaceAll(/\*\*|__|`+|(?<=^|\s)#+ /g, '')
    if (hit) places.push({ from: title.length, to: title.length + text.length })
    title += text
  }
  return { title, places }
}

/** Drawn on the grid of the other icons. */
const SAID = {
  you: 'M12 4.8a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2ZM5 19.2c.9-3 3.5-4.6 7-4.6s6.1 1.6 7 4.6',
  agent: 'M12 4.5c.7 4.4 3.1 6.8 7.5 7.5-4.4.7-6.8 3.1-7.5 7.5-.7-4.4-3.1-6.8-7.5-7.5 4.4-.7 6.8-3.1 7.5-7.5Z',
} as const

const Said = ({ by }: { by: keyof typeof SAID }) => (
  <span className="inline-flex size-7 flex-none items-center justify-center text-faint">
    <svg
      viewBox="0 0 24 24"
      className="size-[18px]"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SAID[by]} />
    </svg>
  </span>
)
