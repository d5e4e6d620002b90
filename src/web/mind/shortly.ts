/** The beginning of a text, for a line that names it. */
export function shortly(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ')
  return line.length <= 60 ? line : `${line.slice(0, 59).trimEnd()}…`
}
