import {
  type ConsentSecret,
  type ConsentStatus,
  commitConsent,
  deriveSalts,
  type Network,
  type PatientConsent,
  type Session,
} from '@medsync/protocol'

/** What does not fit together about a consent; undefined when all does. */
export type ConsentMismatch =
  | 'terms' // terms and salts do not give the commitment
  | 'salts' // the salts are not the ones that the own wallet makes
  | 'malformed' // cannot be computed at all

/**
 * Holds what the gateway told of a consent against mathematics: its terms and salts must give its commitment, and, once the wallet's secret
 * is open, its salts must be the ones that this secret makes. A gateway that changed a word is found out.
 */
export function checkConsent(
  consent: PatientConsent,
  network: Network,
  session: Session,
  secret: ConsentSecret | undefined,
): ConsentMismatch | undefined {
  try {
    const { commitment } = commitConsent({
      chainId: network.chainId,
      registry: network.contracts.consentRegistry,
      patient: session.account,
      terms: consent.terms,
      salts: consent.salts,
    })
    if (commitment !== consent.commitment) return 'terms'
    if (secret === undefined) return undefined
    const own = deriveSalts(secret, consent.nonce)
    const isOwn = (['grantee', 'purposes', 'period', 'data'] as const).every((part) => own[part] === consent.salts[part])
    return isOwn ? undefined : 'salts'
  } catch (error) {
    console.warn('A consent cannot be checked.', error instanceof Error ? error.name : '')
    return 'malformed'
  }
}

/** Where a consent stands, as its card says it. */
export type ConsentStanding = 'draft' | 'active' | 'expired' | 'revoked' | 'replaced'

/** The standing of a consent from what the chain says of it and the present time. */
export function standingOf(status: ConsentStatus, expiresAtS: number, nowS: number): ConsentStanding {
  if (status === 'unknown') return 'draft'
  if (status === 'active') return expiresAtS <= nowS ? 'expired' : 'active'
  return status
}
