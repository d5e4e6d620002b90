/** What the JSON of a batch holds that says of a step that it began; in a text it can't stand, for its quotes would be escaped. */
export const STEP = '"type":"step.'

export type WithdrawChanges = {
  /** Answers with the runs that are gone. */
  withdraw(a: { owner: string; session: string; message: string; now: number }): string[]
}
