import { hkdfSync, webcrypto } from 'node:crypto'
import type { Deployment } from '@medsync/chain'
import { type Key, keyedHash } from '../keys/keyRing.ts'
import { BoundedCache } from './boundedCache.ts'
import type { ContextKeyPair } from './contextKeys.ts'

/** Pairs whose secret stays in memory: our organisations times all members, and keys that members had before. */
const CACHED_PAIRS = 4_096

/**
 * Under which labels parties stand in the circle. Everybody there sees the labels; who they are, only the party and whoever filed can tell:
 * a label is made of what both of their keys give together, and is another one in each filing and in each direction.
 * @source X25519: RFC 7748; HKDF and HMAC with SHA-256: RFC 5869, RFC 2104.
 */
export class PartyLabels {
  readonly #deployment: Place
  readonly #secrets = new BoundedCache<string, Promise<Key | undefined>>(CACHED_PAIRS)

  constructor(deployment: Place) {
    this.#deployment = deployment
  }

  /**
   * The label of a party in what we file.
   * @param party - X25519 public key of the party, 32 bytes.
   * @returns 64 hexadecimal digits; undefined when the key is none, whatever its owner published.
   */
  async forParty(filer: ContextKeyPair, party: Uint8Array, commitment: string): Promise<string | undefined> {
    return await this.#label(filer, party, { filer: filer.publicBytes, party }, commitment)
  }

  /**
   * Our own label in what somebody else filed.
   * @param filer - X25519 public key of whoever filed, 32 bytes.
   * @returns As for `forParty`.
   */
  async forUs(party: ContextKeyPair, filer: Uint8Array, commitment: string): Promise<string | undefined> {
    return await this.#label(party, filer, { filer, party: party.publicBytes }, commitment)
  }

  async #label(own: ContextKeyPair, other: Uint8Array, { filer, party }: Ends, commitment: string): Promise<string | undefined> {
    const ends = `${hex(filer)}|${hex(party)}`
    const known = this.#secrets.get(ends) ?? this.#secret(own, other, ends)
    this.#secrets.set(ends, known)
    const secret = await known
    return secret === undefined ? undefined : hex(keyedHash(secret, commitment))
  }

  async #secret(own: ContextKeyPair, other: Uint8Array, ends: string): Promise<Key | undefined> {
    const { chainId, contracts } = this.#deployment
    const shared = await agree(own.privateKey, other)
    if (shared === undefined) return undefined
    const info = `MedSync party label v1|${chainId}|${contracts.consentRegistry}|${ends}`
    return new Uint8Array(hkdfSync('sha256', new Uint8Array(shared), new Uint8Array(), info, 32))
  }
}

/** Where the contracts are: keys are theirs, and no label is one elsewhere. */
type Place = Pick<Deployment, 'chainId' | 'contracts'>

type Ends = { readonly filer: Uint8Array; readonly party: Uint8Array }

async function agree(privateKey: CryptoKey, other: Uint8Array): Promise<ArrayBuffer | undefined> {
  try {
    const key = await webcrypto.subtle.importKey('raw', new Uint8Array(other), { name: 'X25519' }, false, [])
    return await webcrypto.subtle.deriveBits({ name: 'X25519', public: key }, privateKey, 256)
  } catch {
    // A point of low order, or no point.
    return undefined
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
