import type { RefObject } from 'react'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

/** The way back, and the name of a view that stands in the place of the chat. */
export function ViewHead({
  title,
  at,
  toChat,
}: {
  title: string
  at: RefObject<HTMLHeadingElement | null>
  toChat: () => void
}) {
  return (
    <>
      <button type="button" className="quiet -ml-2" onClick={toChat}>
        <Icon name="back" className="size-4" />
        {say('Back to the chat')}
      </button>
      <h1
        ref={at}
        tabIndex={-1}
        className="mt-3 text-[30px] leading-tight font-[600] tracking-[-0.025em] outline-none phone:text-[26px]"
      >
        {title}
      </h1>
    </>
  )
}
