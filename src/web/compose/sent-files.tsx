import { lazy, Suspense, useRef, useState } from 'react'
import { factsOf, isPicture, srcOf, type Brought } from '../state/brought.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

const FileDialog = lazy(async () => ({ default: (await import('./file-dialog.tsx')).FileDialog }))

/** What a message brought. Each opens; what is still on its way to the server is only named. */
export function SentFiles({ files }: { files: readonly Brought[] }) {
  const [open, setOpen] = useState<Brought | null>(null)
  const opener = useRef<HTMLElement | null>(null)
  const alone = files.length === 1
  return (
    <>
      <ul aria-label={say('Attached')} className="mb-1.5 flex max-w-[85%] flex-wrap items-end justify-end gap-2">
        {files.map((file) => (
          <li key={file.key} className="max-w-full min-w-0">
            <button
              type="button"
              data-testid="sent-file"
              disabled={file.id === null}
              title={file.name}
              aria-label={say('Open {name}', { name: file.name })}
              onClick={(event) => {
                opener.current = event.currentTarget
                setOpen(file)
              }}
              className="block max-w-full rounded-xl text-left"
            >
              {isPicture(file) && file.id !== null ? (
                <Thumb src={srcOf(file.id)} large={alone} file={file} />
              ) : (
                <Card file={file} />
              )}
            </button>
          </li>
        ))}
      </ul>
      {open !== null && (
        <Suspense>
          <FileDialog
            file={open}
            close={() => {
              setOpen(null)
              opener.current?.focus()
            }}
          />
        </Suspense>
      )}
    </>
  )
}

function Thumb({ src, large, file }: { src: string; large: boolean; file: Brought }) {
  const [broken, setBroken] = useState(false)
  if (broken) return <Card file={file} />
  return (
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
      className={`rounded-xl border border-line bg-sunk object-cover ${large ? 'h-48 w-64 max-w-full' : 'size-28'}`}
    />
  )
}

function Card({ file }: { file: Brought }) {
  return (
    <span className="flex h-14 w-60 max-w-full items-center gap-2.5 rounded-xl border border-line bg-raise pr-3 pl-1.5 hover:bg-hover">
      <span className="inline-flex size-10 flex-none items-center justify-center rounded-lg bg-accent-wash text-accent">
        <Icon name={isPicture(file) ? 'image' : 'page'} />
      </span>
      <span className="min-w-0 leading-tight">
        <span className="block truncate text-[13.5px] font-[540]">
          <bdi>{file.name}</bdi>
        </span>
        <span className="figures mt-0.5 block truncate text-[12px] text-faint">{factsOf(file)}</span>
      </span>
    </span>
  )
}
