import { MedsyncError } from '@medsync/protocol'
import type { SignedIn } from '../auth/guards.ts'
import type { Roles } from '../auth/roles.ts'
import type { Audience } from './eventHub.ts'

/**
 * Whether an account is among those who are told of an event. An organisation's operators are asked for at every event, so that one who is removed or suspended hears
 * nothing more; while the chain cannot say, nobody hears.
 */
export function mayHear(audience: Audience, { account }: Pick<SignedIn, 'account'>, roles: Roles): boolean {
  if (audience === 'all') return true
  if ('account' in audience) return audience.account === account
  try {
    const participant = roles.organisationOf(account)
    return participant?.standing === 'active' && participant.organisation === audience.organisation
  } catch (failure) {
    if (failure instanceof MedsyncError) return false
    throw failure
  }
}
