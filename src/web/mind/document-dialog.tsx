import { useCallback, useEffect, useRef, useState } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import type { Passage } from '../../wire/recall.ts'
import { useApp } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { own } from '../live/own.ts'
import { revealed, withShortLines } from '../markdown/hidden.ts'
import { passageName } from '../state/passage-name.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { DeskClose } from '../view/desk-close.tsx'
import { say } from '../words/say.ts'

/** So many lines before a passage are read with it, and so many more at a time. */
const AROUND = 20
const MORE = 100

type Read = { lines: readonly string[]; from: number; total: number }

/** A passage in its document, as it was indexed, with the lines around it. */
export function DocumentDialog({ passage, close }: { passage: Passage; close: () => void }) {
  const app = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const here = useRef<HTMLLIElement>(null)
  const [read, setRead] = useState<Read | null>(null)
  const [fault, setFault] = useState<FaultData | null>(null)
  const lines = useCallback(
    async (from: number, many: number) => {
      const { source, path, page } = passage
      const query = { path, from, lines: many, ...(page === undefined ? {} : { page }) }
      const answer = await asked(app, () => app.client.call('documentsRead', { params: { source }, query }))
      if (!answer.ok) setFault(answer.fault)
      return answer.ok ? answer.value : null
    },
    [app, passage],
  )
  useEffect(() => {
    dialog.current?.showModal()
    const from = Math.max(1, passage.from - AROUND)
    const first = async () => {
      const got = await lines(from, passage.to - from + 1 + AROUND)
      if (got !== null) setRead({ lines: split(got), from: got.from, total: got.total })
    }
    own(first())
  }, [lines, passage])
  const there = read !== null
  useEffect(() => {
    if (there) here.current?.scrollIntoView({ block: 'center' })
  }, [there])
  const before = async () => {
    if (read === null) return
    const from = Math.max(1, read.from - MORE)
    const got = await lines(from, read.from - from)
    if (got !== null) setRead({ ...read, lines: [...split(got), ...read.lines], from: got.from })
  }
  const after = async () => {
    if (read === null) return
    const got = await lines(read.from + read.lines.length, MORE)
    if (got !== null) setRead({ ...read, lines: [...read.lines, ...split(got)] })
  }
  const end = read === null ? 0 : read.from + read.lines.length - 1
  const name = passageName(passage)
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label={say('Document: {name}', { name })}
      data-testid="document"
      className="desk"
    >
      <div className="flex items-center gap-2">
        <Icon name="page" className="size-[18px] text-accent" />
        <h2 className="min-w-0 flex-1 text-[15.5px] font-[600] break-all">{name}</h2>
        <DeskClose dialog={dialog} />
      </div>
      {fault !== null && (
        <div className="mt-4">
          <FaultCard fault={fault} />
        </div>
      )}
      {read === null && fault === null && (
        <p className="mt-4 text-[14px] text-soft" aria-busy="true">
          {say('Reading…')}
        </p>
      )}
      {read !== null && (
        <>
          <p className="mt-1 text-[13px] text-soft">
            {say('As it was read, lines {from} to {to} of {total}.', { from: read.from, to: end, total: read.total })}
          </p>
          <div
            className="mt-3 max-h-[60dvh] overflow-auto rounded-xl border border-line bg-sunk py-2 font-mono text-[12.5px] leading-[1.6]"
            role="region"
            aria-label={say('Lines of the document')}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
            tabIndex={0}
          >
            {read.from > 1 && (
              <button type="button" className="quiet mx-3 mb-1 font-sans" onClick={() => own(before())}>
                {say('Lines before')}
              </button>
            )}
            <ol>
              {read.lines.map((line, i) => {
                const n = read.from + i
                const cited = n >= passage.from && n <= passage.to
                return (
                  <li
                    key={n}
                    ref={n === passage.from ? here : undefined}
                    aria-current={cited ? 'true' : undefined}
                    className={`flex gap-3 border-l-2 px-3 ${cited ? 'border-accent bg-accent-wash' : 'border-transparent'}`}
                  >
                    <span className="figures w-9 flex-none text-right text-faint select-none">{n}</span>
                    <span className="min-w-0 break-words whitespace-pre-wrap">{withShortLines(revealed(line))}</span>
                  </li>
                )
              })}
            </ol>
            {end < read.total && (
              <button type="button" className="quiet mx-3 mt-1 font-sans" onClick={() => own(after())}>
                {say('Lines after')}
              </button>
            )}
          </div>
        </>
      )}
    </dialog>
  )
}

const split = ({ text, lines }: { text: string; lines: number }): string[] => text.split('\n').slice(0, lines)
