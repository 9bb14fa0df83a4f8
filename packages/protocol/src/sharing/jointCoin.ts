import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { ShareError } from './errors.ts'
import { type Field, modulo } from './field.ts'
import { framed } from './framed.ts'

/** Bytes of a nonce. Each hospital draws one for each round, and shows it only when all have committed. */
export const NONCE_BYTES = 32

/** Whose nonce, and in which round: binds a commitment, so that nobody can take over another's. */
export type CoinPlace = { readonly round: string; readonly hospital: string }

/** What a hospital publishes in the same step as its shares, so that nobody chose anything knowing the coin. */
export function commitToNonce(place: CoinPlace, nonce: Uint8Array): string {
  return bytesToHex(sha256(framed('medsync/coin/commit/1', utf8ToBytes(place.round), utf8ToBytes(place.hospital), nonce)))
}

/** What a hospital said about its nonce, before and after. */
export type NonceReveal = { readonly hospital: string; readonly commitment: string; readonly nonce: Uint8Array }

/**
 * A coin that is uniform as long as one hospital drew its nonce honestly, and that anyone can check from the commitments and nonces. Who sees all
 * other nonces can only refuse to show its own: the round then stops and names it, and must start anew without it.
 * @param reveals - One of every hospital that dealt, in the round's order.
 * @throws {ShareError} `sharing/false-nonce`: names who showed another nonce than it committed to; `sharing/duplicate`.
 */
export function jointCoin(round: string, reveals: readonly NonceReveal[]): Uint8Array {
  const names = reveals.map(({ hospital }) => hospital)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) throw new ShareError('sharing/duplicate', twice)
  const liars = reveals.filter(({ hospital, commitment, nonce }) => {
    return nonce.length !== NONCE_BYTES || commitToNonce({ round, hospital }, nonce) !== commitment
  })
  if (liars.length > 0)
    throw new ShareError(
      'sharing/false-nonce',
      liars.map(({ hospital }) => hospital),
    )
  return sha256(framed('medsync/coin/1', utf8ToBytes(round), ...reveals.flatMap(({ hospital, nonce }) => [utf8ToBytes(hospital), nonce])))
}

/** A field element from the coin; another label gives an unrelated one. Its bias is below 2^-190. */
export function coinElement(field: Field, coin: Uint8Array, label: string): bigint {
  return modulo(field, BigInt(`0x${bytesToHex(sha256(framed('medsync/coin/element/1', utf8ToBytes(label), coin)))}`))
}

/**
 * A permutation of 0 to below `count` that the coin fixes: numbers sorted by hashes of the coin, which anybody can repeat.
 * @example
 * coinOrder(coin, 4) // [2, 0, 3, 1]
 */
export function coinOrder(coin: Uint8Array, count: number): number[] {
  const keys = Array.from({ length: count }, (_, index) => index)
  const hashes: bigint[] = []
  for (let block = 0; 4 * block < count; block++) {
    const bytes = sha256(framed('medsync/coin/order/1', coin, utf8ToBytes(String(block))))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let word = 0; word < 4; word++) hashes.push(view.getBigUint64(8 * word))
  }
  return keys.sort((one, other) => (hashes[one]! < hashes[other]! ? -1 : hashes[one]! > hashes[other]! ? 1 : one - other))
}
