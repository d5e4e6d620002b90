import { count } from '../state/wording.ts'

/** What one block may hold on the screen. The rest is not lost: the copy button gives it. */
export const MOST = 200_000

/** Text as it is, for what is too long to be formatted. */
export const PlainText = ({ text }: { text: string }) => (
  <p className="whitespace-pre-wrap">
    <Long text={text} />
  </p>
)

export const Long = ({ text }: { text: string }) =>
  text.length <= MOST
    ? text
    : `${text.slice(0, MOST)}\n… and ${count(text.length - MOST)} characters more; copy the answer to have them all.`
