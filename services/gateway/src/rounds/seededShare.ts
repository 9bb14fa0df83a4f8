import { type Dealing, type FieldVector, modulo, pointOf, type ReceivedCases, type SharingRound, weights } from '@medsync/protocol/sharing'
import { drawFrom } from './roundSeed.ts'
import { bytesVector } from './vectorBytes.ts'

/** What is sent in place of shares. */
export const SEED_BYTES = 32

/**
 * Makes one hospital's shares of a dealing those that a seed gives, so that the seed can be sent in their place. To each polynomial one is added that is zero
 * at 0: the secrets stay, and any fewer than `threshold` shares still say nothing to who cannot tell the stream of AES-256 from random bits.
 * @param dealing - Of at least threshold 2; not changed.
 */
export function seedShare(round: SharingRound, dealing: Dealing, hospital: string, seed: Uint8Array): Dealing {
  const { field } = round
  const point = pointOf(round, hospital)
  const difference = drawFrom(seed)(dealing[point - 1]!.length / 2)
  field.addScaled(difference, dealing[point - 1]!, field.prime - 1n)
  return dealing.map((shares, at) => {
    const moved = shares.slice()
    // The line through 0 at 0 and the difference at the hospital's point, taken at each other's point.
    const [, weight] = weights(field, [0, point], at + 1)
    field.addScaled(moved, difference, modulo(field, weight!))
    return moved
  })
}

/**
 * What one hospital was dealt: a mark, the selectors or their seed, the zeros.
 * @returns undefined when the bytes are not of that shape.
 */
export function unpackDealt(bytes: Uint8Array, sizes: { readonly selectors: number; readonly zeros: number }): ReceivedCases | undefined {
  const isSeed = bytes[0] === 1
  const end = 1 + (isSeed ? SEED_BYTES : 8 * sizes.selectors)
  if (bytes.length !== end + 8 * sizes.zeros || (bytes[0] ?? 2) > 1) return undefined
  const selectors: FieldVector | undefined = isSeed ? drawFrom(bytes.slice(1, end))(sizes.selectors) : bytesVector(bytes.slice(1, end))
  const zeros = bytesVector(bytes.slice(end))
  return selectors === undefined || zeros === undefined ? undefined : { selectors, zeros }
}
