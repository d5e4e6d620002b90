/**
 * Drops what a server says again of that which it was given to go on from: some builds of llama.cpp send it once more, in one piece, before
 * their first new word. What is short may be meant, as in "ha" after "ha".
 */
export function withoutEcho(said: string): (text: string) => string {
  let begun = said.length < SHORT
  return (text) => {
    if (begun || text === '') return text
    begun = true
    if (!text.startsWith(said)) return text
    const rest = text.slice(said.length)
    return rest.trim() === '' ? '' : rest
  }
}
const SHORT = 8
