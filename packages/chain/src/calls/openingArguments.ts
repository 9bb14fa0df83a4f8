import { ALONE, type ConsentOpening, type Membership } from '@medsync/protocol'

/** The opened parts of a consent, named as the contract names them. */
export function openingArguments(opening: ConsentOpening) {
  return {
    grantee: opening.grantee,
    grantee_salt: opening.granteeSalt,
    purposes: opening.purposes,
    purposes_salt: opening.purposesSalt,
    not_before_s: BigInt(opening.notBeforeS),
    expires_at_s: BigInt(opening.expiresAtS),
    period_salt: opening.periodSalt,
    data: opening.data,
    membership: membershipArguments(opening.membership),
  }
}

/** A place in a bundle, as the contract takes it. */
export function membershipArguments({ index, path }: Membership = ALONE) {
  return { index, path: [...path] }
}
