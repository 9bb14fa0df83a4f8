import { createHash } from 'node:crypto'
import type { AccountAddress, IdentityField, RecordId } from '@medsync/protocol'
import { RecordError } from '../gatewayErrors.ts'
import type { Key, KeyRing } from '../keys/keyRing.ts'
import { keyedHash } from '../keys/keyRing.ts'
import { open, seal } from '../keys/seal.ts'
import type { PartName } from './bundleContents.ts'

/** The key of one version of a record, in memory only. */
export type VersionKey = {
  readonly key: Key
  readonly record: RecordId
  readonly version: number
  /** Stored before records had versions, and so not bound to the number 1 that it has now. */
  readonly isUnversioned: boolean
}

/**
 * How records are encrypted at rest: every version of a record has a random key of its own, wrapped by its tenant's; a part opens only with that key, as that part
 * of that version of that record of that tenant. The key of the current version is wrapped once more as the current one, so that an older version cannot be
 * made the current one by whoever only writes to the database.
 */
export class RecordKeys {
  readonly #keys: KeyRing

  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  /** Wraps the key of a record's current version. */
  wrapCurrent(tenant: string, { key, record, version }: VersionKey): Uint8Array {
    return seal(this.#wrappingKey(tenant), key, currentPlace(tenant, record, version))
  }

  /** @throws {RecordError} `record/damaged` */
  unwrapCurrent(tenant: string, record: RecordId, version: number, wrapped: Uint8Array): VersionKey {
    const unwrap = (place: string): Key => open(this.#wrappingKey(tenant), wrapped, place)
    try {
      return { key: unwrap(currentPlace(tenant, record, version)), record, version, isUnversioned: false }
    } catch (failure) {
      if (version !== 1 || !(failure instanceof RecordError)) throw failure
      return { key: unwrap(unversionedPlace(tenant, record)), record, version, isUnversioned: true }
    }
  }

  /** Wraps the key of a version for as long as its content is kept. */
  wrapVersion(tenant: string, { key, record, version }: VersionKey): Uint8Array {
    return seal(this.#wrappingKey(tenant), key, versionPlace(tenant, record, version, 'key'))
  }

  /** @throws {RecordError} `record/damaged` */
  unwrapVersion(tenant: string, of: Omit<VersionKey, 'key'>, wrapped: Uint8Array): VersionKey {
    return { ...of, key: open(this.#wrappingKey(tenant), wrapped, versionPlace(tenant, of.record, of.version, 'key')) }
  }

  sealPart(tenant: string, of: VersionKey, part: PartName, plain: Uint8Array): Uint8Array {
    return seal(of.key, plain, partPlace(tenant, of, part))
  }

  /** @throws {RecordError} `record/damaged` */
  openPart(tenant: string, of: VersionKey, part: PartName, sealed: Uint8Array): Buffer {
    return open(of.key, sealed, partPlace(tenant, of, part))
  }

  /** Encrypts what the list of versions says of one. */
  sealEntry(tenant: string, record: RecordId, version: number, entry: unknown): Uint8Array {
    const plain = Buffer.from(JSON.stringify(entry), 'utf8')
    return seal(this.#keys.ofTenant(tenant, 'record-version'), plain, versionPlace(tenant, record, version, 'entry'))
  }

  /** @throws {RecordError} `record/damaged` */
  openEntry(tenant: string, record: RecordId, version: number, sealed: Uint8Array): unknown {
    const plain = open(this.#keys.ofTenant(tenant, 'record-version'), sealed, versionPlace(tenant, record, version, 'entry'))
    return JSON.parse(plain.toString('utf8'))
  }

  /** Stable names of an identifier and of its system within one hospital, which say nothing to whoever lacks the key. */
  identifierHashes(tenant: string, { system, value }: { readonly system: string; readonly value: string }): IdentifierHashes {
    return {
      identifierHash: keyedHash(this.#keys.ofTenant(tenant, 'record-identifier'), system, value),
      systemHash: keyedHash(this.#keys.ofTenant(tenant, 'record-identifier-system'), system),
    }
  }

  /** Proves that the gateway wrote this row of `record_identifiers`. */
  identifierMac(tenant: string, record: RecordId, { identifierHash, systemHash }: IdentifierHashes): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'record-identifier-row'), record, hex(identifierHash), hex(systemHash))
  }

  /** The name by which a patient was found before identifiers had to have a system. */
  formerPatientHash(tenant: string, identifier: string): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'patient-hash'), identifier)
  }

  /** Digest of what a Bundle holds, in hex; whatever the order in which its parts come. */
  contentDigest(tenant: string, parts: readonly { readonly part: PartName; readonly packed: Uint8Array }[]): string {
    const digests = parts.map(({ part, packed }) => `${part}:${createHash('sha256').update(packed).digest('hex')}`).sort()
    return hex(keyedHash(this.#keys.ofTenant(tenant, 'record-content'), ...digests))
  }

  /** Binds what staff confirm: who confirms, which content, for which version of which record, and what differs. */
  confirmation(tenant: string, of: Confirmable): string {
    const { by, contentDigest, record, version, differs, expiresAtS } = of
    const parts = [by, contentDigest, record, String(version), differs.join(' '), String(expiresAtS)]
    return `${expiresAtS}.${hex(keyedHash(this.#keys.ofTenant(tenant, 'identity-confirmation'), ...parts))}`
  }

  #wrappingKey(tenant: string): Key {
    return this.#keys.ofTenant(tenant, 'record-wrap')
  }
}

/** Keyed hashes under which an identifier stands in the database. */
export type IdentifierHashes = { readonly identifierHash: Uint8Array; readonly systemHash: Uint8Array }

/** What a confirmation is bound to. */
export type Confirmable = {
  readonly by: AccountAddress
  readonly contentDigest: string
  readonly record: RecordId
  readonly version: number
  readonly differs: readonly IdentityField[]
  readonly expiresAtS: number
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const unversionedPlace = (tenant: string, record: RecordId): string => `${tenant}|${record}|key`
const currentPlace = (tenant: string, record: RecordId, version: number): string => `${tenant}|${record}|current|${version}|key`
const versionPlace = (tenant: string, record: RecordId, version: number, what: string): string =>
  `${tenant}|${record}|version|${version}|${what}`
const partPlace = (tenant: string, { record, version, isUnversioned }: VersionKey, part: PartName): string =>
  isUnversioned ? `${tenant}|${record}|part|${part}` : versionPlace(tenant, record, version, `part|${part}`)
