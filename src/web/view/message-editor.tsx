import { useState } from 'react'

/** A message that was said, to be said otherwise. */
export function MessageEditor({
  text,
  save,
  close,
}: {
  text: string
  save: (text: string) => void
  close: () => void
}) {
  const [next, setNext] = useState(text)
  const send = () => {
    if (next.trim() !== '') save(next.trim())
  }
  return (
    <form
      className="w-full rounded-[20px] border border-rule bg-raise p-3"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by the key or button that had the focus
        autoFocus
        aria-label="Edit message"
        value={next}
        rows={Math.min(12, next.split('\n').length + 1)}
        onChange={(event) => setNext(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            event.nativeEvent.stopImmediatePropagation()
            close()
          } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            send()
          }
        }}
        className="block w-full resize-y bg-transparent px-1 text-[16px] leading-[1.55] text-ink outline-none"
      />
      <div className="mt-2 flex justify-end gap-2">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="button button-first" disabled={next.trim() === ''}>
          Save and run
        </button>
      </div>
    </form>
  )
}
