import { hpke } from '../keys/hpke.ts'

const ENCAPSULATED_BYTES = 32

/** Where a contribution belongs: it opens nowhere else. Members are named by their executor. */
export type ContributionPlace = { readonly round: string; readonly from: string; readonly to: string }

/**
 * Seals a packed contribution to one member.
 * @returns encapsulated key | ciphertext; undefined when the key is none that anything can be sealed to.
 * @source RFC 9180.
 */
export async function sealContribution(packed: Uint8Array, key: Uint8Array, place: ContributionPlace): Promise<Uint8Array | undefined> {
  const sender = await openSender(key, place)
  if (sender === undefined) return undefined
  const ciphertext = await sender.seal(new Uint8Array(packed).buffer)
  return Buffer.concat([new Uint8Array(sender.enc), new Uint8Array(ciphertext)])
}

async function openSender(key: Uint8Array, place: ContributionPlace) {
  try {
    const recipientPublicKey = await hpke.kem.deserializePublicKey(new Uint8Array(key).buffer)
    return await hpke.createSenderContext({ recipientPublicKey, info: infoOf(place) })
  } catch {
    // No point of the curve, or one of low order: its owner gets nothing.
    return undefined
  }
}

/** Opens what `sealContribution` made; undefined when it was made for another key or place, or changed. */
export async function openContribution(
  sealed: Uint8Array,
  privateKey: CryptoKey,
  place: ContributionPlace,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(sealed)
  try {
    const enc = bytes.slice(0, ENCAPSULATED_BYTES).buffer
    const plain = await hpke.open({ recipientKey: privateKey, enc, info: infoOf(place) }, bytes.slice(ENCAPSULATED_BYTES).buffer)
    return new Uint8Array(plain)
  } catch {
    // A member may send bytes of any kind: the caller names it.
    return undefined
  }
}

function infoOf({ round, from, to }: ContributionPlace): ArrayBuffer {
  return new Uint8Array(new TextEncoder().encode(`MedSync allocation v1|${round}|${from}|${to}`)).buffer
}
