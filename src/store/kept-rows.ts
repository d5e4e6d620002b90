export type OutputRow = { id: string; run: string; owner: string; hash: string; bytes: number }
export type VersionRow = {
  seq: number
  run: string
  session: string
  owner: string
  call: string
  folder: string
  path: string
  /** What the file was and what it became, by the hash of its blob; null is no file. */
  before: string | null
  after: string | null
  created: number
  undone: number
}

export type KeptChanges = {
  /** The same text of the same run is kept once. */
  keepOutput(a: OutputRow): OutputRow
  keepVersion(a: Omit<VersionRow, 'seq' | 'undone'>): number
  undo(a: { seqs: readonly number[] }): null
}
export type KeptReads = {
  output(owner: string, id: string): OutputRow | null
  /** What a run, or one call of it, changed, and what was not undone yet: newest first. */
  versionsOf(owner: string, run: string, call: string | null): VersionRow[]
  /** Whether an output or a version is made of it. */
  isKept(hash: string): boolean
}
