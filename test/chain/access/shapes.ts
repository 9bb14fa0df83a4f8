import type { Value } from './world.ts'

/** A study's offer as felts; what is not given is a plain study that ends in 20 days. */
export type Offer = {
  readonly organisation: bigint
  readonly purpose: number
  readonly token: string
  readonly price: bigint
  readonly hospitalBps: number
  readonly poolBps: number
  readonly cap: number
  readonly minCohort: number
  readonly bond: bigint
  readonly deadlineS: number
  readonly answerWithinS: number
  readonly details: bigint
}

/** Index of HRESCH, research, in the PurposeOfUse tree. */
const RESEARCH = 36
export const DAY_S = 86_400

/** An offer with defaults. */
export function offer(given: Pick<Offer, 'organisation' | 'token' | 'deadlineS'> & Partial<Offer>): Offer {
  return {
    purpose: RESEARCH,
    price: 1_000n,
    hospitalBps: 2_000,
    poolBps: 500,
    cap: 5,
    minCohort: 0,
    bond: 0n,
    answerWithinS: DAY_S,
    details: 0xdn,
    ...given,
  }
}

/** `StudyTerms` in the contract's order. */
export function offerFelts(terms: Offer): Value[] {
  const { organisation, purpose, token, price, hospitalBps, poolBps, cap, minCohort, bond, deadlineS, answerWithinS, details } = terms
  return [organisation, purpose, token, price, hospitalBps, poolBps, cap, minCohort, bond, deadlineS, answerWithinS, details]
}

/** The opened parts of a consent. */
export type Opening = {
  readonly grantee: bigint
  readonly granteeSalt: bigint
  readonly purposes: bigint
  readonly purposesSalt: bigint
  readonly notBeforeS: bigint
  readonly expiresAtS: bigint
  readonly periodSalt: bigint
  readonly data: bigint
  readonly membership: { readonly index: number; readonly path: readonly bigint[] }
}

/** A consent to research of one office, good until 2100. */
export function openingFor(grantee: bigint, salt: bigint): Opening {
  return {
    grantee,
    granteeSalt: salt,
    purposes: 1n << BigInt(RESEARCH),
    purposesSalt: salt + 1n,
    notBeforeS: 0n,
    expiresAtS: 4_102_444_800n,
    periodSalt: salt + 2n,
    data: salt + 3n,
    membership: { index: 0, path: [] },
  }
}

/** `ConsentOpening` in the contract's order. */
export function openingFelts(opening: Opening): Value[] {
  const { grantee, granteeSalt, purposes, purposesSalt, notBeforeS, expiresAtS, periodSalt, data, membership } = opening
  return [grantee, granteeSalt, purposes, purposesSalt, notBeforeS, expiresAtS, periodSalt, data, ...membershipFelts(membership)]
}

/** `Membership` in the contract's order. */
export function membershipFelts({ index, path }: Opening['membership']): Value[] {
  return [index, path.length, ...path]
}

/** A short string as a felt. */
export function short(text: string): bigint {
  return BigInt(`0x${Buffer.from(text).toString('hex')}`)
}

/** A request, as answering it names it. */
export type Asked = { readonly id: bigint; readonly digest: bigint }
