import { type Key, keyedHash } from '../keys/keyRing.ts'

/** Names things anew: the same thing always the same way under one key, and unrecognisable under another. */
export class Pseudonyms {
  readonly #key: Key

  /** @param key - Differs by study and record. */
  constructor(key: Key) {
    this.#key = key
  }

  /** A UUID (version 8) for a resource. @param address - How the record itself calls it. */
  uuid(address: string): string {
    const bytes = Buffer.from(keyedHash(this.#key, 'resource', address).subarray(0, 16))
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** A DICOM identifier of the UUID-derived kind. @source DICOM PS3.5, B.2 */
  uid(uid: string): string {
    const hex = Buffer.from(keyedHash(this.#key, 'uid', uid).subarray(0, 16)).toString('hex')
    return `2.25.${BigInt(`0x${hex}`)}`
  }
}
