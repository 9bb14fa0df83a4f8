import { OrderedKeys } from './orderedKeys.ts'

/** One value that is other than before; undefined: it is gone. */
export type Change = { readonly isOrdered: boolean; readonly key: string; readonly value: string | undefined }

/** All values of one store, in memory: the plain ones, and those of the ordered index. Keys and values are binary strings. */
export class Keyspace {
  readonly plain = new Map<string, string>()
  readonly ordered = new OrderedKeys()

  /** Makes a change as it was written down. */
  apply({ isOrdered, key, value }: Change): void {
    const values = isOrdered ? this.ordered : this.plain
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }

  /** Everything, as changes to nothing. */
  *contents(): Generator<Change> {
    for (const [key, value] of this.plain) yield { isOrdered: false, key, value }
    for (const [key, value] of this.ordered.entries()) yield { isOrdered: true, key, value }
  }
}
