/** A question that shows one row of the state on chain. */
export type View = { readonly to: bigint; readonly fn: string; readonly args: readonly bigint[] }

/** What has been written since when, so that a call that fails leaves nothing behind. */
export class Journal {
  readonly #undo: (() => void)[] = []
  /** Views of the rows that were written since the last `takeTouched`, also by calls that were undone. */
  readonly #touched = new Map<string, View>()

  get mark(): number {
    return this.#undo.length
  }

  note(undo: () => void): void {
    this.#undo.push(undo)
  }

  touch(view: View): void {
    this.#touched.set(`${view.to} ${view.fn} ${view.args.join()}`, view)
  }

  /** Views of every row that was ever written, of all tables that can be looked at. */
  readonly tables: { views(): View[] }[] = []

  /** Undoes all that was written since `mark`, the last first. */
  rollBack(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }

  /** Nothing before this moment will be undone. */
  takeTouched(): View[] {
    this.#undo.length = 0
    const touched = [...this.#touched.values()]
    this.#touched.clear()
    return touched
  }
}

/** Storage of a contract: rows by one or more felts, `empty` where nothing was written. */
export class Table<Row> {
  readonly #rows = new Map<string, Row>()
  readonly #journal: Journal
  readonly #empty: Row
  readonly #viewOf: ((...key: bigint[]) => View) | undefined

  constructor(journal: Journal, empty: Row, viewOf?: (...key: bigint[]) => View) {
    this.#journal = journal
    this.#empty = empty
    this.#viewOf = viewOf
    if (viewOf !== undefined) journal.tables.push(this)
  }

  get(...key: bigint[]): Row {
    return this.#rows.get(key.join()) ?? this.#empty
  }

  set(key: readonly bigint[], row: Row): void {
    const place = key.join()
    const before = this.#rows.get(place)
    this.#journal.note(() => (before === undefined ? this.#rows.delete(place) : this.#rows.set(place, before)))
    this.#rows.set(place, row)
    if (this.#viewOf !== undefined) this.#journal.touch(this.#viewOf(...key))
  }

  /** Views of every row that was written. */
  views(): View[] {
    const viewOf = this.#viewOf
    return viewOf === undefined ? [] : this.rows().map(({ key }) => viewOf(...key))
  }

  /** Every row that was written, with its key. */
  rows(): { key: bigint[]; row: Row }[] {
    return [...this.#rows].map(([place, row]) => ({ key: place.split(',').map(BigInt), row }))
  }
}
