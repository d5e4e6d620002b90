import { bytes, percent } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import type { Bringing } from './bring.ts'

/** A file, and how far it is. */
export function FileLine({ file, now }: { file: File; now: Bringing }) {
  const share = now.state === 'sending' ? now.share : now.state === 'taking' ? 1 : null
  return (
    <li className="py-2.5" data-testid="brought">
      <div className="flex items-center gap-2.5">
        <Mark now={now} />
        <span className="min-w-0 flex-1 truncate text-[14px]" title={file.name}>
          {file.name}
        </span>
        <span className="figures flex-none text-[12.5px] text-faint">{bytes(file.size)}</span>
      </div>
      <p
        className={`mt-0.5 desk-inset text-[13px] leading-snug break-words ${now.state === 'failed' ? 'text-bad' : 'text-soft'}`}
      >
        {words(now)}
      </p>
      {share !== null && (
        <span className="bar mt-1.5 desk-inset block h-1 overflow-hidden rounded-full bg-line" aria-hidden="true">
          <span
            className={`block h-full rounded-full bg-accent transition-[width] ${now.state === 'taking' ? 'guessed' : ''}`}
            style={{ width: `${share * 100}%` }}
          />
        </span>
      )}
    </li>
  )
}

function Mark({ now }: { now: Bringing }) {
  if (now.state === 'done' && now.reply.sessions.length === 0) return <Icon name="warn" className="size-4 text-warn" />
  if (now.state === 'done') return <Icon name="check" className="size-4 text-good" />
  if (now.state === 'failed') return <Icon name="warn" className="size-4 text-bad" />
  return <span className="breathe mx-1 size-2 flex-none rounded-full bg-accent" />
}

function words(now: Bringing): string {
  switch (now.state) {
    case 'waiting':
      return say('Waiting for the one before')
    case 'reading':
      return say('Reading it')
    case 'sending':
      return say('Sending it to PKN, {percent}', { percent: percent(now.share) })
    case 'taking':
      return say('PKN takes it in')
    case 'failed':
      return now.why
    case 'done': {
      const { sessions, messages, skipped } = now.reply
      if (sessions.length === 0) return nothing(skipped)
      return say('{chats}, {messages}', {
        chats: sayCount(sessions.length, '1 chat', '{n} chats'),
        messages: sayCount(messages, '1 message', '{n} messages'),
      })
    }
  }
}

const nothing = (skipped: readonly { why: string }[]): string => {
  const [first] = skipped
  if (first === undefined) return say('There is no chat in it.')
  return skipped.length === 1
    ? say('Nothing was taken: {why}.', { why: first.why })
    : say('Nothing in it could be taken.')
}
