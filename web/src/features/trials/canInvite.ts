import type { TrialMatch } from '@medsync/protocol'

/** Whether somebody can be invited: who fits, has an account, and was not asked before. */
export function canInvite({ verdict, isLinked, isDeceased, invitation }: TrialMatch): boolean {
  return verdict === 'met' && isLinked && !isDeceased && invitation === null
}

/** Those that can be invited before the others, which keep their order. */
export function inviteFirst<T extends TrialMatch>(matches: readonly T[]): T[] {
  return matches.toSorted((one, other) => Number(canInvite(other)) - Number(canInvite(one)))
}
