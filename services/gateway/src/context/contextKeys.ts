import type { OrganisationId } from '@medsync/protocol'
import { hpke } from '../keys/hpke.ts'
import type { KeyRing } from '../keys/keyRing.ts'
import type { Tenants } from '../tenants/tenants.ts'

/** The key pair that terms for an organisation served here are sealed to; the same for the same master key. */
export type ContextKeyPair = { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey; readonly publicBytes: Uint8Array }

/** The key pairs of the organisations served here. */
export class ContextKeys {
  readonly #keys: KeyRing
  readonly #tenants: Tenants
  readonly #pairs = new Map<OrganisationId, Promise<ContextKeyPair>>()

  constructor(keys: KeyRing, tenants: Tenants) {
    this.#keys = keys
    this.#tenants = tenants
  }

  /** Undefined when the organisation is not served here. */
  of(organisation: OrganisationId): Promise<ContextKeyPair> | undefined {
    const slug = this.#tenants.find(organisation)?.slug
    if (slug === undefined) return undefined
    const known = this.#pairs.get(organisation) ?? derive(this.#keys.ofTenant(slug, 'context-x25519'))
    this.#pairs.set(organisation, known)
    return known
  }
}

async function derive(seed: Uint8Array): Promise<ContextKeyPair> {
  const { publicKey, privateKey } = await hpke.kem.deriveKeyPair(new Uint8Array(seed).buffer)
  return { publicKey, privateKey, publicBytes: new Uint8Array(await hpke.kem.serializePublicKey(publicKey)) }
}
