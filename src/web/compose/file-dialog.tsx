import { useEffect, useRef, useState } from 'react'
import { factsOf, isPicture, srcOf, type Brought } from '../state/brought.ts'
import { bytes } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

const SHOWN = 200_000

/** A file that a message brought, to be looked at and saved. Its bytes are drawn as a picture or as plain text, and as nothing else. */
export function FileDialog({ file, close }: { file: Brought; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const src = file.id === null ? '' : srcOf(file.id)
  return (
    <dialog
      ref={dialog}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close()
      }}
      aria-label={file.name}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[56rem] max-w-[calc(100vw-2rem)] overflow-hidden rounded-2xl border border-rule bg-raise p-0 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
    >
      <div className="flex max-h-[calc(100dvh-2rem)] flex-col">
        <div className="flex min-h-14 flex-none items-center gap-3 border-b border-line pr-2.5 pl-5">
          <div className="min-w-0 flex-1 leading-tight">
            <h2 className="truncate text-[15px] font-[560]">
              <bdi>{file.name}</bdi>
            </h2>
            <p className="figures mt-0.5 text-[12.5px] text-faint">{factsOf(file)}</p>
          </div>
          <a className="tap" href={src} download={file.name} aria-label={say('Download')} title={say('Download')}>
            <Icon name="get" />
          </a>
          <button
            type="button"
            className="tap"
            aria-label={say('Close')}
            title={say('Close (Esc)')}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        {isPicture(file) ? (
          <div className="flex min-h-40 flex-1 items-center justify-center overflow-auto bg-sunk p-4">
            <img src={src} alt={file.name} className="max-h-[calc(100dvh-9rem)] max-w-full rounded-lg" />
          </div>
        ) : (
          <Text src={src} size={file.bytes} />
        )}
      </div>
    </dialog>
  )
}

function Text({ src, size }: { src: string; size: number }) {
  const [text, setText] = useState<string | null>(null)
  const [gone, setGone] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    readStart(src, stop.signal).then(setText, () => {
      if (!stop.signal.aborted) setGone(true)
    })
    return () => stop.abort()
  }, [src])
  if (gone) return <p className="p-5 text-[14px] text-soft">{say('This file could not be read from the server.')}</p>
  return (
    <>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={say('Text of the file')}
        aria-busy={text === null}
        className="min-h-40 flex-1 overflow-auto bg-sunk px-5 py-4 font-mono text-[13px] leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap"
      >
        {text ?? say('Reading…')}
      </pre>
      {text !== null && size > SHOWN && (
        <p className="flex-none border-t border-line px-5 py-2.5 text-[13px] text-soft">
          {say('The first {part} of {size} are shown. Download it to read the rest.', {
            part: bytes(SHOWN),
            size: bytes(size),
          })}
        </p>
      )}
    </>
  )
}

/** The first bytes of a file as text; the rest is not fetched. */
async function readStart(src: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(src, { signal })
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.length < SHOWN) {
    const { value, done } = await reader.read()
    if (done) return text
    text += value
  }
  await reader.cancel()
  return text.slice(0, SHOWN)
}
