const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Without capitals and accents, each character where it was. */
export const foldText = (text: string): string =>
  text.replaceAll(/[^]/gu, (letter) => {
    const folded = plain(letter)
    return folded.length === letter.length ? folded : letter
  })

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}]*/gu

/** The words of a question, as the server's search takes them. */
export const wordsOf = (question: string): string[] => [
  ...new Set(Array.from(question.matchAll(WORD), ([word]) => plain(word))),
]

/** Where in a text words stand that begin with one of these. */
export function placesOf(text: string, words: readonly string[]): { from: number; to: number }[] {
  const places: { from: number; to: number }[] = []
  for (const { 0: found, index } of text.matchAll(WORD)) {
    const is = plain(found)
    if (words.some((word) => is.startsWith(word))) places.push({ from: index, to: index + found.length })
  }
  return places
}
