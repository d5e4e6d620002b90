type Row = { id: string; seq: number }

/** Rows by id in the order in which they came, as a table with its indices: groups of rows that have something in common. */
export class Table<R extends Row, G extends string> extends Map<string, R> {
  readonly #by: readonly [G, (row: R) => string | null][]
  readonly #groups = new Map<string, Map<string, R>>()

  /** What a row has in common with others; null if it is in no such group. */
  constructor(by: Readonly<Record<G, (row: R) => string | null>>) {
    super()
    this.#by = Object.entries(by) as [G, (row: R) => string | null][] // its own keys
  }

  override set(id: string, row: R): this {
    this.delete(id)
    super.set(id, row)
    this.#file(row)
    return this
  }

  override delete(id: string): boolean {
    const row = this.get(id)
    if (row !== undefined) this.#unfile(row)
    return super.delete(id)
  }

  /** Changes what a row has in common with others. */
  move(row: R, change: Partial<R>): void {
    this.#unfile(row)
    Object.assign(row, change)
    this.#file(row)
  }

  /** In the order in which they came. */
  in(group: G, key: string): R[] {
    const rows = this.#groups.get(`${group} ${key}`)
    return rows === undefined ? [] : [...rows.values()].sort((a, b) => a.seq - b.seq)
  }

  #keys(row: R): string[] {
    return this.#by.flatMap(([group, keyOf]) => {
      const key = keyOf(row)
      return key === null ? [] : [`${group} ${key}`]
    })
  }

  #file(row: R): void {
    for (const key of this.#keys(row)) {
      const group = this.#groups.get(key)
      if (group) group.set(row.id, row)
      else this.#groups.set(key, new Map([[row.id, row]]))
    }
  }

  #unfile(row: R): void {
    for (const key of this.#keys(row)) {
      const group = this.#groups.get(key)
      group?.delete(row.id)
      if (group?.size === 0) this.#groups.delete(key)
    }
  }
}
