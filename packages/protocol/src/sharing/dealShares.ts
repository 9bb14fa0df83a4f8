import type { DrawElements } from './field.ts'
import type { SharingRound } from './round.ts'
import { countOf, type FieldVector, part } from './vectors.ts'

/**
 * Splits many secrets at once: for each a random polynomial of the round's threshold less one, with the secret at 0.
 * @param draw - Source of uniform elements; called once.
 * @returns One vector for each hospital, in the round's order: its share of every secret.
 * @source Shamir, "How to Share a Secret", CACM 22(11), 1979.
 * @example
 * dealShares(round, vectorOf([87, 12]), draw) // three vectors of two shares each; any two give [87, 12] back
 */
export function dealShares(round: SharingRound, secrets: FieldVector, draw: DrawElements): FieldVector[] {
  return deal(round, secrets, round.threshold - 1, draw)
}

/** As `dealShares`, with the degree of a product of two shared values. */
export function dealProductShares(round: SharingRound, secrets: FieldVector, draw: DrawElements): FieldVector[] {
  return deal(round, secrets, 2 * round.threshold - 2, draw)
}

function deal({ field, hospitals }: SharingRound, secrets: FieldVector, degree: number, draw: DrawElements): FieldVector[] {
  const count = countOf(secrets)
  const coefficients = draw(count * degree)
  return hospitals.map((_, index) => {
    const share = secrets.slice()
    for (let power = 1; power <= degree; power++) {
      field.addScaled(share, part(coefficients, (power - 1) * count, power * count), BigInt(index + 1) ** BigInt(power) % field.prime)
    }
    return share
  })
}
