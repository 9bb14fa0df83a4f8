import { createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

/** Bytes of the key that the engine is opened with. */
export const STORE_KEY_BYTES = 32
/** Random bytes at the head of each sealed file. */
export const SALT_BYTES = 16
const FILE_KEY_BYTES = 32

/** The key of one context's folder. Every file has a key of its own, made from this one: no file opens under another name. */
export class StoreKey {
  readonly #secret: KeyObject
  readonly #contextId: string

  /** @param secret - As a key object, since one of those shows nothing when it is printed. */
  constructor(secret: KeyObject, contextId: string) {
    this.#secret = secret
    this.#contextId = contextId
  }

  /** Tells this key from others, and says nothing about it: 64 hex digits. */
  check(): string {
    return this.#derive('check', Buffer.alloc(0)).toString('hex')
  }

  /** Whether a check is that of this key. */
  fits(check: string): boolean {
    return timingSafeEqual(Buffer.from(this.check()), Buffer.from(check))
  }

  /** Keys of the files in one place. */
  at(place: string): FileKeys {
    return { keyOf: (name, salt) => createSecretKey(this.#derive(`${place}/${name}`, salt)) }
  }

  /** @source RFC 5869 (HKDF) with SHA-256. */
  #derive(purpose: string, salt: Uint8Array): Buffer {
    const info = JSON.stringify(['medsync-context-1', this.#contextId, purpose])
    return Buffer.from(hkdfSync('sha256', this.#secret, salt, info, FILE_KEY_BYTES))
  }
}

/** Keys of the files in one folder. */
export type FileKeys = {
  /** @param name - With its generation: `journal-2`. @param salt - From the head of the file. */
  keyOf(name: string, salt: Uint8Array): KeyObject
}

/** Salt for a new file. */
export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES)
}
