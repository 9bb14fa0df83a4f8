import { ShareError } from './errors.ts'
import { pointOf, type SharingRound, weights } from './round.ts'
import { countOf, type FieldVector, sameVector, zeros } from './vectors.ts'

/** Somebody's vector of shares, as it arrived. */
export type Share = { readonly from: string; readonly values: FieldVector }

/**
 * What the shares gave.
 * @property tampered - Who sent something else than what the others' shares agree on; left out of the secrets.
 * @property missing - Who sent nothing.
 */
export type Opened = { readonly secrets: FieldVector; readonly tampered: readonly string[]; readonly missing: readonly string[] }

/** What `openShares` is to expect. */
export type Expected = { readonly needed?: number; readonly count?: number }

/**
 * Puts secrets together and checks every share beyond the needed ones against them. With `needed + 2e` shares up to `e` false ones are found, left
 * out and named (Reed-Solomon); with one to spare falsehood is noticed, yet not whose. `openSums` names it even then.
 * @param expected - `needed`: how many shares give the secret, the round's threshold or `productThreshold` for products; `count`: how many secrets
 * there are; without it what most senders sent.
 * @throws {ShareError} `sharing/unknown-sender`, `sharing/duplicate`, `sharing/wrong-length`, `sharing/outside-field`: what came, and from whom;
 * `sharing/too-few`; `sharing/inconsistent`: somebody sent a false share, and these shares cannot tell who.
 * @source Reed and Solomon, "Polynomial Codes over Certain Finite Fields", 1960; McEliece and Sarwate, "On Sharing Secrets and Reed-Solomon Codes", 1981.
 */
export function openShares(round: SharingRound, shares: readonly Share[], expected: Expected = {}): Opened {
  const needed = expected.needed ?? round.threshold
  checkShares(round, shares, expected.count)
  const missing = round.hospitals.filter((hospital) => shares.every(({ from }) => from !== hospital))
  if (shares.length < needed)
    throw new ShareError('sharing/too-few', missing, `${shares.length} of ${needed}; missing: ${missing.join(', ')}`)
  const mostFalse = Math.floor((shares.length - needed) / 2)
  for (let count = 0; count <= mostFalse; count++) {
    for (const accused of subsets(shares, count)) {
      const trusted = shares.filter((share) => !accused.includes(share))
      if (!isConsistent(round, trusted, needed)) continue
      return { secrets: interpolate(round, trusted.slice(0, needed), 0), tampered: accused.map(({ from }) => from), missing }
    }
  }
  throw new ShareError('sharing/inconsistent', [], shares.map(({ from }) => from).join(', '))
}

/** Throws for what is no set of shares at all; see `openShares`. */
export function checkShares(round: SharingRound, shares: readonly Share[], count?: number): void {
  const length = count === undefined ? usualLength(shares) : 2 * count
  const seen = new Set<string>()
  for (const { from, values } of shares) {
    if (!round.hospitals.includes(from)) throw new ShareError('sharing/unknown-sender', [from])
    if (seen.has(from)) throw new ShareError('sharing/duplicate', [from])
    if (values.length !== length) throw new ShareError('sharing/wrong-length', [from])
    if (round.field.firstOutside(values) >= 0) throw new ShareError('sharing/outside-field', [from])
    seen.add(from)
  }
}

/** Whether all shares lie on polynomials that `needed` of them fix. */
export function isConsistent(round: SharingRound, shares: readonly Share[], needed: number): boolean {
  const base = shares.slice(0, needed)
  return shares.slice(needed).every(({ from, values }) => sameVector(values, interpolate(round, base, pointOf(round, from))))
}

/** The polynomials' values at a point, from just enough shares. */
export function interpolate(round: SharingRound, shares: readonly Share[], at: number): FieldVector {
  const points = shares.map(({ from }) => pointOf(round, from))
  const result = zeros(countOf(shares[0]?.values ?? zeros(0)))
  weights(round.field, points, at).forEach((weight, index) => {
    round.field.addScaled(result, shares[index]!.values, weight)
  })
  return result
}

function usualLength(shares: readonly Share[]): number | undefined {
  const likeIt = (length: number): number => shares.filter(({ values }) => values.length === length).length
  const lengths = shares.map(({ values }) => values.length).filter((length) => length % 2 === 0)
  return lengths.sort((one, other) => likeIt(other) - likeIt(one))[0]
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]))
}
