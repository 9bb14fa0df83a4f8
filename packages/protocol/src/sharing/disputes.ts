import type { SharingRound } from './round.ts'

/** A hospital says that what it was dealt is not what the dealer proves. One of the two does not keep to the protocol. */
export type Dispute = { readonly dealer: string; readonly by: string }

/**
 * What disputes show, as long as fewer than `threshold` hospitals are false.
 * @property guilty - In dispute with `threshold` others or more: one of those is honest, and two honest ones never dispute.
 * @property pairs - One of each two is false. Only somebody who colludes with no hospital may look at the dealt message, and say which.
 */
export type Verdict = { readonly guilty: readonly string[]; readonly pairs: readonly Dispute[] }

/** Judges disputes; an honest hospital is never found guilty. */
export function judge(round: SharingRound, disputes: readonly Dispute[]): Verdict {
  const opponents = (hospital: string): number =>
    new Set(disputes.flatMap(({ dealer, by }) => (dealer === hospital ? [by] : by === hospital ? [dealer] : []))).size
  const guilty = round.hospitals.filter((hospital) => opponents(hospital) >= round.threshold)
  return { guilty, pairs: disputes.filter(({ dealer, by }) => !guilty.includes(dealer) && !guilty.includes(by)) }
}
