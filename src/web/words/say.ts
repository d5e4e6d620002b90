/** How many there are decides which form is said; the forms are those of `Intl.PluralRules`. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>>
/** The texts of one language, by their English. */
export type Catalogue = { readonly [english: string]: string | Forms }

let catalogue: Catalogue = {}
let plural = new Intl.PluralRules('en')
let locale = 'en'

/** From now on the page speaks that language; what a catalogue lacks is said in English. Call it before the page is drawn. */
export function speak(language: string, texts: Catalogue): void {
  catalogue = texts
  plural = new Intl.PluralRules(language)
  locale = language
}
/** The language that numbers, dates and lists are written in. */
export const localeNow = (): string => locale

/** The text in the user's language; `{name}` stands for a value. */
export function say(english: string, values?: { readonly [name: string]: string | number }): string {
  const text = catalogue[english]
  return filled(typeof text === 'string' ? text : english, values)
}

/** The form of a text that fits a number, which stands for `{n}`. Catalogues name such a text by its form for many. */
export function sayCount(
  n: number,
  one: string,
  many: string,
  values?: { readonly [name: string]: string | number },
): string {
  const text = catalogue[many]
  const forms: Forms = typeof text === 'object' ? text : { one, other: typeof text === 'string' ? text : many }
  return filled(forms[plural.select(n)] ?? forms.other ?? many, { n, ...values })
}

const filled = (text: string, values?: { readonly [name: string]: string | number }): string =>
  values === undefined
    ? text
    : text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
