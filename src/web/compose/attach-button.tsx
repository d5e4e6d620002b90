import { useRef } from 'react'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** The system's own choice of files; on a phone that offers the camera and its pictures too. */
export function AttachButton({ attach }: { attach: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        aria-label={say('Attach files')}
        title={say('Attach pictures or text files')}
        onClick={() => input.current?.click()}
        className="inline-flex size-9 flex-none items-center justify-center rounded-full text-soft hover:bg-hover hover:text-ink phone:size-10"
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // The same file can be chosen again.
          event.target.value = ''
          if (files.length > 0) attach(files)
        }}
      />
    </>
  )
}
