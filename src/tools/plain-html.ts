import { convert } from 'html-to-text'

const MOST = 4000

/** A few words of HTML as words. */
export const plainOf = (html: string): string =>
  convert(html.slice(0, MOST), {
    wordwrap: false,
    limits: { maxDepth: 20 },
    selectors: [
      { selector: 'a', format: 'inline' },
      { selector: 'img', format: 'skip' },
    ],
  })
    .replaceAll(/\s+/g, ' ')
    .trim()
