import { say } from './say.ts'

/** What the server says of an endpoint in English, where that is one of its usual sentences. */
const USUAL: readonly [RegExp, (first: string) => string][] = [
  [/^nothing listens at (\S+)$/, (address) => say('nothing listens at {address}', { address })],
  [/^(\S+) took too long to answer$/, (address) => say('{address} took too long to answer', { address })],
  [/^it has no model file$/, () => say('it has no model file')],
  [/^it has no models$/, () => say('it has no models')],
  [
    /^it has no key; pkn config key (\S+) sets one$/,
    (name) => say('it has no key; pkn config key {name} sets one', { name }),
  ],
  [/^not looked at yet$/, () => say('not looked at yet')],
  [/^it was not looked at yet$/, () => say('it was not looked at yet')],
  [/^it failed just now$/, () => say('it failed just now')],
  [/^it failed just now, and was not seen well since$/, () => say('it failed just now, and was not seen well since')],
]

export function whyText(why: string): string {
  for (const [form, said] of USUAL) {
    const match = form.exec(why)
    if (match !== null) return said(match[1] ?? '')
  }
  return why
}
