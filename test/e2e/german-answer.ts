import type { Page } from 'playwright-core'

/** An answer with one of everything that a theme colours, in German. */
export const ANSWER = `Erst das hier. Dann *jenes*, mit \`npm test\`.

\`\`\`ts
// so
const greeting: string = 'hallo' + 42
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

> Zitat mit [Link](https://example.org/).`

export const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('[data-composer] textarea').fill(text)
  await page.keyboard.press('Enter')
}
export const view = (page: Page, name: string): Promise<unknown> =>
  page.evaluate((to) => {
    location.hash = to
  }, name)
