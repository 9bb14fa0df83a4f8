import type { TrialMatch } from '@medsync/protocol'

/** Whether somebody can be invited: who fits, has an account, and was not asked before. */
export function canInvite({ verdict, isLinked, isDeceased, invitation }: TrialMatch): boolean {
  return verdict === 'met' && isLinked && !isDeceased && invitation === null
}
