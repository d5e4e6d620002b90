/** Spaces that push what comes after them out of sight. */
const MANY_SPACES = 24

/**
 * A command as it is, with everything in it that could not be seen, or that would make it look like another: control characters and escapes,
 * what turns the direction of writing, what has no width, spaces that are none. Tabs and ends of lines stay.
 */
export const visible = (command: string): string =>
  command
    .replaceAll(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]/gu, (c) => {
      const code = c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
      return `⟨U+${code}⟩`
    })
    .replaceAll(/[ \t]{2,}/g, (run) => (run.length < MANY_SPACES ? run : ` ⟨${run.length} spaces⟩ `))
    .replaceAll(/\n(?:[ \t]*\n){3,}/g, (run) => `\n⟨${run.split('\n').length - 2} empty lines⟩\n`)
