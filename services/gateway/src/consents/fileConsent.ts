import type { PrivateContext } from '@medsync/context'
import {
  type AccountAddress,
  CommitmentError,
  ConsentTermsError,
  checkTerms,
  commitConsent,
  type fileConsentBodySchema,
  ZERO,
} from '@medsync/protocol'
import type * as z from 'zod'
import type { FollowedChain } from '../chain/followedChain.ts'

/** Terms as a patient files them. */
export type FileConsentBody = z.output<typeof fileConsentBodySchema>

/**
 * Keeps the terms of a consent before its commitment is granted on chain. Filing permits nothing: only the chain does.
 * The same again gives the same answer, even when its time is over.
 * @throws {CommitmentError} `consent/commitment-mismatch`: terms, salts and account do not give this commitment.
 * @throws {ConsentTermsError} The terms say nothing, are over, or name an organisation that is not active.
 */
export async function fileConsent(
  { chain, context }: { readonly chain: FollowedChain; readonly context: PrivateContext },
  patient: AccountAddress,
  { commitment, terms, salts, nonce, replaces }: FileConsentBody,
): Promise<void> {
  const { chainId, contracts } = chain.deployment
  const own = commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts })
  if (own.commitment !== commitment) throw new CommitmentError('consent/commitment-mismatch')
  const isKept = (await context.termsByCommitment(commitment)) !== undefined
  if (!isKept) {
    checkTerms(terms, chain.nowS())
    requireActive(chain, terms.grantee)
    if (terms.custodian !== ZERO) requireActive(chain, terms.custodian)
  }
  await context.fileTerms({ commitment, patient, terms, salts, nonce, replaces })
}

function requireActive(chain: FollowedChain, organisation: AccountAddress): void {
  const found = chain.state.participants.find(organisation)
  if (found?.standing !== 'active') throw new ConsentTermsError('consent/unknown-grantee')
}
