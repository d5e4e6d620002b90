const MOST_CHARACTERS = 4000
const MOST_LINES = 80

/** Text that would bury the message it stands in. */
export const isLong = (text: string): boolean =>
  text.length > MOST_CHARACTERS || (text.length > MOST_LINES && text.split('\n', MOST_LINES + 1).length > MOST_LINES)

/** The files that were pasted. Office programs lay a picture of the text beside it: there the text is meant. */
export function filesIn(clipboard: DataTransfer): File[] {
  const formatted = clipboard.types.some((type) => type === 'text/html' || type === 'text/rtf')
  return formatted && clipboard.getData('text/plain').trim() !== '' ? [] : [...clipboard.files]
}
