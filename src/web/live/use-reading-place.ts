import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import type { SessionId } from '../../wire/id.ts'
import { addressNow, foundSpot } from './address.ts'
import type { Conversation } from './conversation.ts'
import { own } from './own.ts'
import { backToReading, leaveChat, leftAt } from './reading-place.ts'

/** Who comes back to a chat, from another one or another view or after a reload, reads on where he was. */
export function useReadingPlace(
  talk: Conversation,
  session: SessionId | null,
  box: RefObject<HTMLElement | null>,
): void {
  const here = useRef(session)
  useLayoutEffect(() => {
    here.current = session
  }, [session])
  useLayoutEffect(() => {
    const view = box.current
    return () => leaveChat(here.current, view)
  }, [box])
  useEffect(() => {
    const stop = new AbortController()
    const place = leftAt(here.current)
    if (place !== null && foundSpot(addressNow()) === null) own(backToReading(talk, place))
    addEventListener('pagehide', () => leaveChat(here.current, box.current), { signal: stop.signal })
    return () => stop.abort()
  }, [talk, box])
}
