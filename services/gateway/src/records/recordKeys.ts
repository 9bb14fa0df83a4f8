import type { RecordId } from '@medsync/protocol'
import type { Key, KeyRing } from '../keys/keyRing.ts'
import { keyedHash } from '../keys/keyRing.ts'
import { open, seal } from '../keys/seal.ts'
import type { PartName } from './bundleContents.ts'

/**
 * How records are sealed at rest: every record has a random key of its own, wrapped by its tenant's; a part opens only with that key, as that part of that
 * record of that tenant.
 */
export class RecordKeys {
  readonly #keys: KeyRing

  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  wrap(tenant: string, record: RecordId, key: Key): Uint8Array {
    return seal(this.#wrappingKey(tenant), key, keyPlace(tenant, record))
  }

  /** @throws {RecordError} `record/damaged` */
  unwrap(tenant: string, record: RecordId, wrapped: Uint8Array): Key {
    return open(this.#wrappingKey(tenant), wrapped, keyPlace(tenant, record))
  }

  sealPart(tenant: string, record: RecordId, part: PartName, key: Key, plain: Uint8Array): Uint8Array {
    return seal(key, plain, partPlace(tenant, record, part))
  }

  /** @throws {RecordError} `record/damaged` */
  openPart(tenant: string, record: RecordId, part: PartName, key: Key, sealed: Uint8Array): Buffer {
    return open(key, sealed, partPlace(tenant, record, part))
  }

  /** A stable name for a patient within one hospital, which says nothing to whoever lacks the key. */
  patientHash(tenant: string, identifier: string): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'patient-hash'), identifier)
  }

  #wrappingKey(tenant: string): Key {
    return this.#keys.ofTenant(tenant, 'record-wrap')
  }
}

const keyPlace = (tenant: string, record: RecordId): string => `${tenant}|${record}|key`
const partPlace = (tenant: string, record: RecordId, part: PartName): string => `${tenant}|${record}|part|${part}`
