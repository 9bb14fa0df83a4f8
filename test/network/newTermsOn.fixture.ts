import type { Deployment } from '@medsync/chain'
import type { NewFiledTerms } from '@medsync/context'
import { commitConsent, felt, slugToOrganisationId, ZERO } from '@medsync/protocol'

let patient = 0x9000

/** Terms of a consent to Northgate, each time of another patient's; nobody grants them. */
export function newTermsOn(deployment: Deployment): NewFiledTerms {
  const terms: NewFiledTerms['terms'] = {
    grantee: slugToOrganisationId('northgate'),
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: 2_000_000_000,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    custodian: ZERO,
    sensitivities: [],
  }
  const salts = { grantee: felt(1), purposes: felt(2), period: felt(3), data: felt(4) }
  const place = { chainId: deployment.chainId, registry: deployment.contracts.consentRegistry, patient: felt(patient++) }
  return { ...commitConsent({ ...place, terms, salts }), ...place, terms, salts, nonce: 'aa'.repeat(16), replaces: undefined }
}
