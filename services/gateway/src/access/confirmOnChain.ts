import { type Deployment, readConsentState, readDecision } from '@medsync/chain'
import type { FiledTerms } from '@medsync/context'
import { type ConsentOpening, commitConsent, type Decision, type OrganisationId } from '@medsync/protocol'

/** What is to be confirmed: that these terms permit this grantee this purpose now. */
export type ConsentClaim = {
  readonly filed: FiledTerms
  readonly grantee: OrganisationId
  readonly purposeIndex: number
  readonly signal?: AbortSignal | undefined
}

/** The opening of filed terms, as `decide` and `settle` take it. */
export function openingOf({ chainId, contracts }: Deployment, { patient, terms, salts }: FiledTerms): ConsentOpening {
  return commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts }).opening
}

/**
 * What the chain itself decides at this moment: a grant counts from the newest block on, an end from pre-confirmation on.
 * @throws {ChainUnreachableError} Then nothing may leave.
 */
export async function confirmOnChain(deployment: Deployment, { filed, grantee, purposeIndex, signal }: ConsentClaim): Promise<Decision> {
  const { patient, commitment } = filed
  const opening = openingOf(deployment, filed)
  const [state, decision] = await Promise.all([
    readConsentState(deployment, patient, commitment, { block: 'latest', signal }),
    readDecision(deployment, { patient, opening, grantee, purposeIndex }, { block: 'pre_confirmed', signal }),
  ])
  if (decision !== 'permit') return decision
  if (state.status === 'unknown') return 'not-granted'
  return state.status === 'active' ? 'permit' : state.status
}
