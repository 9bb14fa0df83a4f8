import { hpke } from '../keys/hpke.ts'
import type { RoundSeed } from './roundSeed.ts'

/** Bytes of the encapsulated key before the ciphertext, and of the tag after it. */
const ENCAPSULATED_BYTES = 32
export const SEALING_BYTES = ENCAPSULATED_BYTES + 16

/** Where a message belongs: it opens nowhere else. */
export type MessagePlace = { readonly round: string; readonly step: string; readonly from: string; readonly to: string }

/**
 * Seals a message to the key that its receiver made for this round.
 * @returns encapsulated key | ciphertext, the same again for the same message; undefined when the key is none that anything can be sealed to.
 * @source RFC 9180.
 */
export async function sealMessage(
  contents: Uint8Array,
  key: Uint8Array,
  place: MessagePlace,
  seed: RoundSeed,
): Promise<Uint8Array | undefined> {
  const sender = await openSender(contents, key, place, seed)
  if (sender === undefined) return undefined
  const ciphertext = await sender.seal(new Uint8Array(contents).buffer)
  return Buffer.concat([new Uint8Array(sender.enc), new Uint8Array(ciphertext)])
}

async function openSender(contents: Uint8Array, key: Uint8Array, place: MessagePlace, seed: RoundSeed) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    // Derived from the seed and the contents, so that a retry after a crash publishes the same bytes, and no key ever seals two messages.
    const ekm = seed.sealing(textOf(place), contents).buffer
    return await hpke.createSenderContext({ recipientPublicKey, info: encode(textOf(place)), ekm })
  } catch {
    // No point of the curve, or one of low order: its owner is named.
    return undefined
  }
}

/** Opens what `sealMessage` made; undefined when it was made for another key or place, or changed. */
export async function openMessage(sealed: Uint8Array, privateKey: CryptoKey, place: MessagePlace): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(sealed)
  try {
    const enc = bytes.slice(0, ENCAPSULATED_BYTES).buffer
    const plain = await hpke.open({ recipientKey: privateKey, enc, info: encode(textOf(place)) }, bytes.slice(ENCAPSULATED_BYTES).buffer)
    return new Uint8Array(plain)
  } catch {
    // A member may send bytes of any kind: the caller names it.
    return undefined
  }
}

function textOf({ round, step, from, to }: MessagePlace): string {
  return `MedSync round v1|${round}|${step}|${from}|${to}`
}

function encode(text: string): ArrayBuffer {
  return new Uint8Array(new TextEncoder().encode(text)).buffer
}
