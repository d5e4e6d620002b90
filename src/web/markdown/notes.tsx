import type { ReactNode } from 'react'
import { newLexer, type NoteToken } from './grammar.ts'
import { hardPart } from './hard.ts'
import { say } from '../words/say.ts'

export type Note = { name: string; number: number; token: NoteToken }
/** The footnotes of the whole text by their names, known once it has ended; null before. */
export type Notes = ReadonlyMap<string, Note> | null

/** Numbered in the order in which they are referred to; what nobody refers to comes last. */
export function notesIn(raws: readonly string[]): Notes {
  const defined = new Map<string, NoteToken>()
  for (const raw of raws) {
    if (!/^ {0,3}\[\^/m.test(raw) || hardPart(raw) !== null) continue
    for (const token of newLexer().lex(raw)) {
      const note = token as unknown as NoteToken
      if (note.type === 'note' && !defined.has(note.name)) defined.set(note.name, note)
    }
  }
  if (defined.size === 0) return null
  const notes = new Map<string, Note>()
  const number = (name: string) => {
    const token = defined.get(name)
    if (token !== undefined && !notes.has(name)) notes.set(name, { name, number: notes.size + 1, token })
  }
  for (const raw of raws) for (const [, name] of raw.matchAll(/\[\^([^\]\s]{1,60})\](?!:)/g)) number(name!)
  for (const name of defined.keys()) number(name)
  return notes
}

export function NoteRef({ name, raw, notes }: { name: string; raw: string; notes: Notes }): ReactNode {
  if (notes === null) return <sup className="note-ref">{name}</sup>
  const note = notes.get(name)
  if (note === undefined) return raw
  return (
    <sup className="note-ref">
      <button
        type="button"
        aria-label={say('Note {number}', { number: note.number })}
        title={note.token.raw.replace(/^\s*\[\^[^\]]+\]:\s*/, '').slice(0, 300)}
        onClick={(event) => goTo(event.currentTarget, `[data-note="${note.number}"]`)}
      >
        {note.number}
      </button>
    </sup>
  )
}

/** The notes themselves, below the text. */
export function NoteList({ notes, body }: { notes: Notes; body: (note: Note) => ReactNode }): ReactNode {
  if (notes === null) return null
  return (
    <section className="notes" aria-label={say('Notes')}>
      <ol>
        {[...notes.values()].map((note) => (
          <li key={note.name} data-note={note.number} tabIndex={-1} className="flow">
            {body(note)}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** An address would belong to the page and not to the answer; so the note is looked for in the same answer. */
function goTo(from: HTMLElement, what: string): void {
  const note = from.closest('.prose')?.querySelector<HTMLElement>(what)
  note?.scrollIntoView({ block: 'nearest' })
  note?.focus({ preventScroll: true })
}
