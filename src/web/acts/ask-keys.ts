/** The keys that answer a question that has the focus. What handles them and what lists them both read this table. */
export const ASK_KEYS = { a: 'once', s: 'session', d: 'deny' } as const
export type AskKey = keyof typeof ASK_KEYS
export const askKeys = Object.keys(ASK_KEYS) as AskKey[]

/** What was typed for something else must not answer: keys count only some time after the focus has come, and typing has ended. */
export const ARMED_MS = 900
/** Whoever types is not interrupted. */
export const TYPED_MS = 2500
