/** Tags deeper than this are left out, and what is in them stays: parsers take their time for depth, or run out of stack. */
const MOST_DEEP = 120
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
const BESIDE = new Set('p li dt dd tr td th option'.split(' '))

/** The same page, nowhere deeper than can be read. Takes time in proportion to its length. */
export function flatHtml(html: string): string {
  const open: string[] = []
  let beyond = 0
  return html.replaceAll(/<(\/?)([a-z][a-z0-9:-]{0,60})\b[^<>]{0,20000}>/gi, (tag, slash: string, given: string) => {
    const name = given.toLowerCase()
    if (VOID.has(name) || tag.endsWith('/>')) return tag
    if (slash === '') {
      if (BESIDE.has(name) && open.at(-1) === name) open.pop()
      if (open.length < MOST_DEEP) {
        open.push(name)
        return tag
      }
      beyond++
      return ' '
    }
    if (beyond > 0) {
      beyond--
      return ' '
    }
    const at = open.lastIndexOf(name)
    if (at >= 0) open.length = at
    return tag
  })
}
