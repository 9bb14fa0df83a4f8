import type { KeyObject } from 'node:crypto'
import { seal, tagOf, unseal } from './seal.ts'

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

  /** Seals the next record. */
  seal(plain: Uint8Array): Buffer {
    const sealed = seal(this.#key, plain, this.link)
    this.link = tagOf(sealed)
    return sealed
  }

  /** Opens the next record; undefined when it is not that. */
  open(sealed: Buffer): Buffer | undefined {
    const plain = unseal(this.#key, sealed, this.link)
    if (plain !== undefined) this.link = tagOf(sealed)
    return plain
  }
}
