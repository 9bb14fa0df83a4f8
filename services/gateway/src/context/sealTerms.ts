import type { Deployment } from '@medsync/chain'
import type { OrganisationId } from '@medsync/protocol'
import { hpke } from '../keys/hpke.ts'
import type { ContextKeyPair } from './contextKeys.ts'

/** Bytes of the encapsulated key that stands before the ciphertext. */
const ENCAPSULATED_BYTES = 32
/** JSON may end in blanks: terms are filled up with them. */
const BLOCK = 1_024

/** For whom, and under which commitment on which chain, terms are sealed: they open nowhere else. */
export type SealedPlace = { readonly deployment: Deployment; readonly commitment: string; readonly party: OrganisationId }

/**
 * Seals the text of terms to one party. Its length is hidden up to `BLOCK` bytes: how many data a consent covers is in it.
 * @param key - X25519 public key of the party, 32 bytes.
 * @returns encapsulated key | ciphertext; undefined when the key is none that anything can be sealed to, whatever its owner published.
 * @source RFC 9180.
 */
export async function sealTerms(text: string, key: Uint8Array, place: SealedPlace): Promise<Uint8Array | undefined> {
  const sender = await openSender(key, place)
  if (sender === undefined) return undefined
  const ciphertext = await sender.seal(encode(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK)))
  return Buffer.concat([new Uint8Array(sender.enc), new Uint8Array(ciphertext)])
}

async function openSender(key: Uint8Array, place: SealedPlace) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    return await hpke.createSenderContext({ recipientPublicKey, info: infoOf(place) })
  } catch {
    // A point of low order, or no point: its owner gets nothing, and keeps nobody else from it.
    return undefined
  }
}

/** Opens what `sealTerms` made; undefined when it was made for another key or place, or changed. */
export async function openTerms(sealed: Uint8Array, pair: ContextKeyPair, place: SealedPlace): Promise<string | undefined> {
  const bytes = new Uint8Array(sealed)
  try {
    const plain = await hpke.open(
      { recipientKey: pair.privateKey, enc: bytes.slice(0, ENCAPSULATED_BYTES).buffer, info: infoOf(place) },
      bytes.slice(ENCAPSULATED_BYTES).buffer,
    )
    return new TextDecoder().decode(plain)
  } catch {
    // Anybody in the circle may file bytes of any kind under any commitment: what does not open is nobody's terms.
    return undefined
  }
}

function infoOf({ deployment, commitment, party }: SealedPlace): ArrayBuffer {
  return encode(`MedSync terms v1|${deployment.chainId}|${deployment.contracts.consentRegistry}|${commitment}|${party}`)
}

function encode(text: string): ArrayBuffer {
  return new Uint8Array(new TextEncoder().encode(text)).buffer
}
