import type { DragEvent } from 'react'
import type { Session } from '../../wire/message.ts'

const CHAT = 'application/x-pkn-chat'

/** A chat can be taken by its row. */
export const dragged = (session: Session) => (event: DragEvent) => {
  event.dataTransfer.setData(CHAT, session.id)
  event.dataTransfer.effectAllowed = 'move'
}

/** A place that takes chats; it is marked while one is above it. */
export function takes(take: (id: string) => void) {
  const mark = (event: DragEvent, over: boolean) => {
    const place = event.currentTarget
    // Over a part of it the pointer is still over it.
    if (!over && event.relatedTarget instanceof Node && place.contains(event.relatedTarget)) return
    place.toggleAttribute('data-over', over)
  }
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(CHAT)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
      mark(event, true)
    },
    onDragLeave: (event: DragEvent) => mark(event, false),
    onDrop: (event: DragEvent) => {
      const id = event.dataTransfer.getData(CHAT)
      mark(event, false)
      if (id === '') return
      event.preventDefault()
      take(id)
    },
  }
}
