export type Kind = {
  /** HTTP status when the fault answers a request. */
  status: number
  /** A plain sentence; `{name}` is filled from the fault's details. */
  text: string
  /** What a person can do about it. */
  fix: string
  /** Whether the same thing, tried again, may succeed. */
  retry: boolean
}
