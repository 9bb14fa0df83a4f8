import type { KeyObject } from 'node:crypto'
import { sealInto, tagOf, unseal } from './seal.ts'

/**
 * Seals the records of one journal in order: each opens only behind the one it was written behind. So none can be left out, moved, or
 * put in from another time.
 */
export class ChainSeal {
  readonly #key: KeyObject
  /** What the next record is bound to: the tag of the last one, or the head of the file. */
  link: Buffer

  constructor(key: KeyObject, header: Buffer) {
    this.#key = key
    this.link = header
  }

  /** Seals the next record into bytes that are there already, from a place on; it takes `SEAL_BYTES` more than the record. */
  sealInto(into: Buffer, start: number, plain: Uint8Array): void {
    this.link = sealInto(into, start, this.#key, plain, this.link)
  }

  /** Opens the next record; undefined when it is not that. */
  open(sealed: Buffer): Buffer | undefined {
    const plain = unseal(this.#key, sealed, this.link)
    if (plain !== undefined) this.link = tagOf(sealed)
    return plain
  }
}
