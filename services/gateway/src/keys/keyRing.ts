import { createHmac, hkdfSync } from 'node:crypto'

/** A 32-byte key. Never logged, never stored. */
export type Key = Uint8Array

/**
 * Every key of the gateway, derived from the master key (HKDF-SHA-256): one for each purpose and tenant, so that no two uses share a key and a
 * tenant's key says nothing about another's.
 */
export class KeyRing {
  readonly #master: Key

  /** @param master - 32 uniformly random bytes. */
  constructor(master: Key) {
    this.#master = master
  }

  /**
   * The key of a purpose within a tenant.
   * @param purpose - Fixed text that names the use, e.g. `record-wrap`; a changed format takes a new one.
   * @example
   * keys.ofTenant('mercy', 'record-wrap') // always the same 32 bytes for this master key
   */
  ofTenant(slug: string, purpose: string): Key {
    return this.#derive(`tenant|${slug}|${purpose}`)
  }

  /** The key of a purpose that belongs to no tenant. */
  shared(purpose: string): Key {
    return this.#derive(`shared|${purpose}`)
  }

  #derive(info: string): Key {
    return new Uint8Array(hkdfSync('sha256', this.#master, 'MedSync gateway keys v1', info, 32))
  }
}

/** HMAC-SHA-256: a stable name for a value, which says nothing about it without the key. */
export function keyedHash(key: Key, ...parts: readonly string[]): Uint8Array {
  const mac = createHmac('sha256', key)
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8')
    mac.update(`${bytes.length}:`)
    mac.update(bytes)
  }
  return mac.digest()
}
