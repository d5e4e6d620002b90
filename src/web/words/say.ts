/** How many there are decides which form is said; the forms are those of `Intl.PluralRules`. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>>
/** The texts of one language, by their English. */
export type Catalogue = { readonly [english: string]: string | Forms }
/** What stands in a text's places. Numbers are written as the language writes them. */
export type Values = { readonly [name: string]: string | number | boolean }

let catalogue: Catalogue = {}
let plural = new Intl.PluralRules('en')
let figures = new Intl.NumberFormat('en')
let locale = 'en'

/** From now on the page speaks that language; what a catalogue lacks is said in English. Call it before the page is drawn. */
export function speak(language: string, texts: Catalogue): void {
  catalogue = texts
  wrongs = null
  plural = new Intl.PluralRules(language)
  figures = new Intl.NumberFormat(language)
  locale = language
}
/** The language that numbers, dates and lists are written in. */
export const localeNow = (): string => locale

/** The text in the user's language; `{name}` stands for a value. Not before the page is drawn: never outside of a function. */
export function say(english: string, values?: Values): string {
  const text = catalogue[english]
  return filled(typeof text === 'string' ? text : english, values)
}

/** A text that the catalogue knows by a name, and otherwise `english` as it came: what the server says, and the agents that it brings. */
export function sayNamed(name: string, english: string, values?: Values): string {
  const text = catalogue[name]
  return typeof text === 'string' ? filled(text, values) : english
}

const WRONG = 'wrong/'
/** Sentences of the server as the catalogue knows them, and how they look when they are filled in. Made when one is said first. */
let wrongs: readonly (readonly [form: RegExp, text: string])[] | null = null
const formOf = (english: string): RegExp =>
  new RegExp(`^${english.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>.+?)')}$`, 's')

/** What the server says is wrong with a field, a path or a file; as it came where the catalogue does not know it. */
export function sayWrong(said: string): string {
  wrongs ??= Object.entries(catalogue).flatMap(([name, text]) =>
    name.startsWith(WRONG) && typeof text === 'string' ? [[formOf(name.slice(WRONG.length)), text] as const] : [],
  )
  for (const [form, text] of wrongs) {
    const found = form.exec(said)
    if (found === null) continue
    const values = Object.entries(found.groups ?? {}).map(([name, value]) => [
      name,
      /^\d+$/.test(value) ? Number(value) : value,
    ])
    return filled(text, Object.fromEntries(values) as Values)
  }
  return said
}

/** The form of a text that fits a number, which stands for `{n}`. Catalogues name such a text by its form for many. */
export function sayCount(n: number, one: string, many: string, values?: Values): string {
  const text = catalogue[many]
  const forms: Forms = typeof text === 'object' ? text : { one, other: typeof text === 'string' ? text : many }
  return filled(forms[plural.select(n)] ?? forms.other ?? many, { n, ...values })
}

const filled = (text: string, values?: Values): string =>
  values === undefined
    ? text
    : text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name]
        return typeof value === 'number' ? figures.format(value) : String(value ?? whole)
      })
