import type { Membership } from './bundles.ts'
import { categoryMask, sensitivityMask } from './categories.ts'
import { CommitmentError } from './errors.ts'
import { DOMAINS, poseidon } from './hash.ts'
import { type AccountAddress, type Commitment, type Felt, ZERO } from './ids.ts'
import { purposeMask } from './purposes.ts'
import type { ConsentTerms } from './terms.ts'

/** One salt for each part of a consent, so that any part can be opened alone. */
export type ConsentSalts = { readonly grantee: Felt; readonly purposes: Felt; readonly period: Felt; readonly data: Felt }

/** The parts that a settlement opens on chain, and the one that stays closed; fields as in the contract's `ConsentOpening`. */
export type ConsentOpening = {
  readonly grantee: Felt
  readonly granteeSalt: Felt
  readonly purposes: bigint
  readonly purposesSalt: Felt
  readonly notBeforeS: number
  readonly expiresAtS: number
  readonly periodSalt: Felt
  readonly data: Felt
  /** Where it stands in the bundle it was granted with; left out when it was granted by itself. */
  readonly membership?: Membership
}

/** Where a commitment counts: the same terms give another one on another chain, contract or account. */
export type CommitmentPlace = { readonly chainId: Felt; readonly registry: Felt; readonly patient: AccountAddress }

/** Hash of the finer provisions: period of the data, custodian, sensitivities. */
export function provisionsPart(terms: Pick<ConsentTerms, 'dataFromS' | 'dataToS' | 'custodian' | 'sensitivities'>): Felt {
  return poseidon(DOMAINS.provisions, terms.dataFromS, terms.dataToS, terms.custodian, sensitivityMask(terms.sensitivities))
}

/** The closed part: which data. */
export function dataPart(categories: bigint, provisions: Felt, salt: Felt): Felt {
  return poseidon(DOMAINS.data, salt, categories, provisions)
}

/**
 * What the patient puts on chain, and what opens it.
 * @returns The commitment, and the opening that `decide` and `settle` take.
 * @throws {CommitmentError} A salt is zero: it would hide nothing.
 * @throws {ConsentTermsError} A purpose or category is unknown.
 */
export function commitConsent(place: CommitmentPlace & { terms: ConsentTerms; salts: ConsentSalts }): {
  commitment: Commitment
  opening: ConsentOpening
} {
  const { terms, salts } = place
  if (Object.values(salts).some((salt) => salt === ZERO)) throw new CommitmentError('consent/zero-salt')
  const opening: ConsentOpening = {
    grantee: terms.grantee,
    granteeSalt: salts.grantee,
    purposes: purposeMask(terms.purposes),
    purposesSalt: salts.purposes,
    notBeforeS: terms.notBeforeS,
    expiresAtS: terms.expiresAtS,
    periodSalt: salts.period,
    data: dataPart(categoryMask(terms.categories), provisionsPart(terms), salts.data),
  }
  return { commitment: commitOpening(place, opening), opening }
}

/** The commitment of an opening: `Poseidon(domain, chain, contract, patient, who, what for, when, which data)`. */
export function commitOpening({ chainId, registry, patient }: CommitmentPlace, opening: ConsentOpening): Commitment {
  const who = poseidon(DOMAINS.who, opening.granteeSalt, opening.grantee)
  const purpose = poseidon(DOMAINS.purpose, opening.purposesSalt, opening.purposes)
  const period = poseidon(DOMAINS.period, opening.periodSalt, opening.notBeforeS, opening.expiresAtS)
  return poseidon(DOMAINS.consent, chainId, registry, patient, who, purpose, period, opening.data)
}
