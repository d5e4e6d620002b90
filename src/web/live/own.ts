/** Takes a promise that nobody waits for. What it fails with is a bug, and is told. */
export type Own = (work: Promise<unknown>) => void

export const own: Own = (work) => {
  work.catch((error: unknown) => console.error('PKN: something went wrong in the page', error))
}
