import { lines, type Page, type Skip } from './read-document.ts'

const MOST_PAGES = 3000
const MOST_CHARACTERS = 20_000_000

/** The text of a PDF by pages, with its lines as they were set. `unpdf` is loaded with the first. */
export async function pdfText(bytes: Uint8Array, alive: () => void): Promise<Page[] | Skip> {
  const { getDocumentProxy } = await import('unpdf')
  const skip = (why: string): Skip => ({ ok: false, why, odd: true })
  try {
    const pdf = await getDocumentProxy(bytes, { verbosity: 0, stopAtErrors: false })
    if (pdf.numPages > MOST_PAGES) return skip(`It has more than ${MOST_PAGES} pages.`)
    const pages: Page[] = []
    let size = 0
    for (let page = 1; page <= pdf.numPages; page++) {
      const shown = await pdf.getPage(page)
      const { items } = await shown.getTextContent()
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('')
      pages.push({ page, text: lines(text).replaceAll('\0', '') })
      size += text.length
      if (size > MOST_CHARACTERS) return skip('It holds too much text.')
      shown.cleanup()
      alive()
    }
    if (pages.every(({ text }) => text.trim() === ''))
      return skip('It holds no text: its pages may be pictures of pages.')
    return pages
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : ''
    if (name === 'PasswordException') return skip('It is locked by a password.')
    return skip('It is damaged, or no PDF that can be read.')
  }
}
