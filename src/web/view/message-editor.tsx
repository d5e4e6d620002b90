import { useEffect, useRef, useState } from 'react'
import { factsOf, type Brought } from '../state/brought.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

/** A message that was said, to be said otherwise; what it brought goes along, or is left out. */
export function MessageEditor(props: {
  text: string
  files: readonly Brought[]
  save: (text: string, files: readonly Brought[], answer: boolean) => void
  /** It may be kept without an answer. */
  keeps?: boolean
  close: () => void
}) {
  const { text, save, close, keeps = false } = props
  const [next, setNext] = useState(text)
  const [files, setFiles] = useState(props.files)
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    box.current?.setSelectionRange(text.length, text.length)
    // The conversation would keep to its end, out of sight of what is edited.
    box.current?.closest('[role=log]')?.dispatchEvent(new Event('letgo'))
    const frame = requestAnimationFrame(() => box.current?.form?.scrollIntoView({ block: 'nearest' }))
    return () => cancelAnimationFrame(frame)
  }, [text])
  const ready = next.trim() !== '' || files.length > 0
  const send = (answer = true) => {
    if (ready) save(next.trim(), files, answer)
  }
  return (
    <form
      className="w-full rounded-[20px] border border-rule bg-raise p-3"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        event.nativeEvent.stopImmediatePropagation()
        close()
      }}
    >
      {files.length > 0 && (
        <ul aria-label={say('Attached')} className="mb-2 flex flex-wrap gap-2">
          {files.map((file) => (
            <li
              key={file.key}
              className="flex max-w-full items-center gap-1 rounded-xl border border-line bg-page pl-3 text-[13px]"
            >
              <span className="min-w-0 truncate font-[540]">
                <bdi>{file.name}</bdi>
              </span>
              <span className="figures flex-none text-faint">{factsOf(file)}</span>
              <button
                type="button"
                className="tap flex-none"
                aria-label={say('Remove {name}', { name: file.name })}
                title={say('Leave it out')}
                onClick={() => setFiles(files.filter((each) => each !== file))}
              >
                <Icon name="close" className="size-4" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <textarea
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by the key or button that had the focus
        autoFocus
        ref={box}
        aria-label={say('Edit message')}
        value={next}
        rows={Math.min(12, next.split('\n').length + 1)}
        onChange={(event) => setNext(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && event.keyCode !== 229) {
            event.preventDefault()
            send()
          }
        }}
        className="block field-sizing-content max-h-[40dvh] w-full resize-none bg-transparent px-1 text-[16px] leading-[1.55] text-ink outline-none"
      />
      <div className="mt-2 flex items-center justify-end gap-2">
        <p className="flex-1 pl-1 text-[12.5px] text-faint phone:hidden">
          {say('The first version and its answer are kept beside it.')}
        </p>
        <button type="button" className="button" onClick={close}>
          {say('Cancel')}
        </button>
        {keeps && (
          <button
            type="button"
            className="button"
            disabled={!ready}
            title={say('Keep it without an answer; it can be asked later')}
            onClick={() => send(false)}
          >
            {say('Save only')}
          </button>
        )}
        <button type="submit" className="button button-first" disabled={!ready}>
          {say('Save and run')}
        </button>
      </div>
    </form>
  )
}
