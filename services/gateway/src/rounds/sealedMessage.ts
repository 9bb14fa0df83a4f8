import { hpke } from '../keys/hpke.ts'
import type { RoundSeed } from './roundSeed.ts'

/** Bytes of the encapsulated key before the ciphertext, and of the tag after it. */
const ENCAPSULATED_BYTES = 32
export const SEALING_BYTES = ENCAPSULATED_BYTES + 16

/** Where a message belongs: it opens nowhere else. */
export type MessagePlace = { readonly round: string; readonly step: string; readonly from: string; readonly to: string }

/** How a message is sealed. @property sender - Its key pair, when the receiver shall know that only its owner can have sealed it. */
export type Sealing = { readonly place: MessagePlace; readonly seed: RoundSeed; readonly sender?: CryptoKeyPair }

/**
 * Seals a message to a key: the one that its receiver made for this round or, for the joining, the one by which the chain knows it.
 * @returns encapsulated key | ciphertext, the same again for the same message; undefined when the key is none that anything can be sealed to.
 * @source RFC 9180, base mode, or auth mode with a sender's key.
 */
export async function sealMessage(contents: Uint8Array, key: Uint8Array, sealing: Sealing): Promise<Uint8Array | undefined> {
  const sender = await openSender(contents, key, sealing)
  if (sender === undefined) return undefined
  const ciphertext = await sender.seal(new Uint8Array(contents).buffer)
  return Buffer.concat([new Uint8Array(sender.enc), new Uint8Array(ciphertext)])
}

async function openSender(contents: Uint8Array, key: Uint8Array, { place, seed, sender }: Sealing) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    // Derived from the seed and the contents, so that a retry after a crash publishes the same bytes, and no key ever seals two messages.
    const ekm = seed.sealing(textOf(place), contents).buffer
    const authentic = sender === undefined ? {} : { senderKey: sender }
    return await hpke.createSenderContext({ recipientPublicKey, info: encode(textOf(place)), ekm, ...authentic })
  } catch {
    // No point of the curve, or one of low order: its owner is named.
    return undefined
  }
}

/**
 * Opens what `sealMessage` made; undefined when it was made for another key or place, or changed.
 * @param sender - Public key that it must have been sealed with.
 */
export async function openMessage(
  sealed: Uint8Array,
  privateKey: CryptoKey,
  place: MessagePlace,
  sender?: Uint8Array,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(sealed)
  try {
    const enc = bytes.slice(0, ENCAPSULATED_BYTES).buffer
    const authentic = sender === undefined ? {} : { senderPublicKey: await hpke.kem.deserializePublicKey(new Uint8Array(sender).buffer) }
    const from = { recipientKey: privateKey, enc, info: encode(textOf(place)), ...authentic }
    return new Uint8Array(await hpke.open(from, bytes.slice(ENCAPSULATED_BYTES).buffer))
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
