import { memo } from 'react'
import { count } from '../state/wording.ts'
import { MOST } from './hard.ts'

/** A browser lays a paragraph out as a whole; so a long text is cut in pieces, of which only the last one changes. */
const PIECE = 6000

/** Text as it is, for what is too long to be formatted. */
export function PlainText({ text }: { text: string }) {
  const shown = text.slice(0, MOST)
  const pieces: string[] = []
  for (let at = 0; at < shown.length; at += PIECE) pieces.push(shown.slice(at, at + PIECE))
  return (
    <div className="plain">
      {pieces.map((piece, i) => (
        <Piece key={i} text={piece} />
      ))}
      {text.length > MOST && <p>{more(text)}</p>}
    </div>
  )
}

const Piece = memo(({ text }: { text: string }) => <p>{text}</p>)

const more = (text: string) => `… and ${count(text.length - MOST)} characters more; copy the answer to have them all.`

export const Long = ({ text }: { text: string }) =>
  text.length <= MOST ? text : `${text.slice(0, MOST)}\n${more(text)}`
