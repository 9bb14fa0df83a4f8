import { ConsentTermsError } from './errors.ts'

/** One code of the PurposeOfUse tree. `index` is its bit in a mask, on chain as well: never renumber, only append. */
export type Purpose = { readonly index: number; readonly code: string; readonly parent: string | undefined; readonly display: string }

/**
 * What data may be used for.
 * @source HL7 v3 ActReason, value set PurposeOfUse (http://terminology.hl7.org/ValueSet/v3-PurposeOfUse), the 59 codes below its root in FHIR R4.
 */
export const PURPOSES: readonly Purpose[] = [
  { index: 0, code: 'HMARKT', parent: undefined, display: 'healthcare marketing' },
  { index: 1, code: 'HOPERAT', parent: undefined, display: 'healthcare operations' },
  { index: 2, code: 'CAREMGT', parent: 'HOPERAT', display: 'care management' },
  { index: 3, code: 'DONAT', parent: 'HOPERAT', display: 'donation' },
  { index: 4, code: 'FRAUD', parent: 'HOPERAT', display: 'fraud' },
  { index: 5, code: 'GOV', parent: 'HOPERAT', display: 'government' },
  { index: 6, code: 'HACCRED', parent: 'HOPERAT', display: 'health accreditation' },
  { index: 7, code: 'HCOMPL', parent: 'HOPERAT', display: 'health compliance' },
  { index: 8, code: 'HDECD', parent: 'HOPERAT', display: 'decedent' },
  { index: 9, code: 'HDIRECT', parent: 'HOPERAT', display: 'directory' },
  { index: 10, code: 'HDM', parent: 'HOPERAT', display: 'healthcare delivery management' },
  { index: 11, code: 'HLEGAL', parent: 'HOPERAT', display: 'legal' },
  { index: 12, code: 'HOUTCOMS', parent: 'HOPERAT', display: 'health outcome measure' },
  { index: 13, code: 'HPRGRP', parent: 'HOPERAT', display: 'health program reporting' },
  { index: 14, code: 'HQUALIMP', parent: 'HOPERAT', display: 'health quality improvement' },
  { index: 15, code: 'HSYSADMIN', parent: 'HOPERAT', display: 'health system administration' },
  { index: 16, code: 'LABELING', parent: 'HOPERAT', display: 'labeling' },
  { index: 17, code: 'METAMGT', parent: 'HOPERAT', display: 'metadata management' },
  { index: 18, code: 'MEMADMIN', parent: 'HOPERAT', display: 'member administration' },
  { index: 19, code: 'MILCDM', parent: 'HOPERAT', display: 'military command' },
  { index: 20, code: 'PATADMIN', parent: 'HOPERAT', display: 'patient administration' },
  { index: 21, code: 'PATSFTY', parent: 'HOPERAT', display: 'patient safety' },
  { index: 22, code: 'PERFMSR', parent: 'HOPERAT', display: 'performance measure' },
  { index: 23, code: 'RECORDMGT', parent: 'HOPERAT', display: 'records management' },
  { index: 24, code: 'SYSDEV', parent: 'HOPERAT', display: 'system development' },
  { index: 25, code: 'HTEST', parent: 'SYSDEV', display: 'test health data' },
  { index: 26, code: 'TRAIN', parent: 'HOPERAT', display: 'training' },
  { index: 27, code: 'HPAYMT', parent: undefined, display: 'healthcare payment' },
  { index: 28, code: 'CLMATTCH', parent: 'HPAYMT', display: 'claim attachment' },
  { index: 29, code: 'COVAUTH', parent: 'HPAYMT', display: 'coverage authorization' },
  { index: 30, code: 'COVERAGE', parent: 'HPAYMT', display: 'coverage under policy or program' },
  { index: 31, code: 'ELIGDTRM', parent: 'COVERAGE', display: 'eligibility determination' },
  { index: 32, code: 'ELIGVER', parent: 'COVERAGE', display: 'eligibility verification' },
  { index: 33, code: 'ENROLLM', parent: 'COVERAGE', display: 'enrollment' },
  { index: 34, code: 'MILDCRG', parent: 'COVERAGE', display: 'military discharge' },
  { index: 35, code: 'REMITADV', parent: 'HPAYMT', display: 'remittance advice' },
  { index: 36, code: 'HRESCH', parent: undefined, display: 'healthcare research' },
  { index: 37, code: 'BIORCH', parent: 'HRESCH', display: 'biomedical research' },
  { index: 38, code: 'CLINTRCH', parent: 'HRESCH', display: 'clinical trial research' },
  { index: 39, code: 'CLINTRCHNPC', parent: 'CLINTRCH', display: 'clinical trial research without patient care' },
  { index: 40, code: 'CLINTRCHPC', parent: 'CLINTRCH', display: 'clinical trial research with patient care' },
  { index: 41, code: 'PRECLINTRCH', parent: 'CLINTRCH', display: 'preclinical trial research' },
  { index: 42, code: 'DSRCH', parent: 'HRESCH', display: 'disease specific healthcare research' },
  { index: 43, code: 'POARCH', parent: 'HRESCH', display: 'population origins or ancestry healthcare research' },
  { index: 44, code: 'TRANSRCH', parent: 'HRESCH', display: 'translational healthcare research' },
  { index: 45, code: 'PATRQT', parent: undefined, display: 'patient requested' },
  { index: 46, code: 'FAMRQT', parent: 'PATRQT', display: 'family requested' },
  { index: 47, code: 'PWATRNY', parent: 'PATRQT', display: 'power of attorney' },
  { index: 48, code: 'SUPNWK', parent: 'PATRQT', display: 'support network' },
  { index: 49, code: 'PUBHLTH', parent: undefined, display: 'public health' },
  { index: 50, code: 'DISASTER', parent: 'PUBHLTH', display: 'disaster' },
  { index: 51, code: 'THREAT', parent: 'PUBHLTH', display: 'threat' },
  { index: 52, code: 'TREAT', parent: undefined, display: 'treatment' },
  { index: 53, code: 'CLINTRL', parent: 'TREAT', display: 'clinical trial' },
  { index: 54, code: 'COC', parent: 'TREAT', display: 'coordination of care' },
  { index: 55, code: 'ETREAT', parent: 'TREAT', display: 'emergency treatment' },
  { index: 56, code: 'BTG', parent: 'ETREAT', display: 'break the glass' },
  { index: 57, code: 'ERTREAT', parent: 'ETREAT', display: 'emergency room treatment' },
  { index: 58, code: 'POPHLTH', parent: 'TREAT', display: 'population health' },
]

/** Reasons for which a hospital may use data without consent, in an emergency; only these are taken by the access log. */
export const EMERGENCY_PURPOSES = ['BTG', 'DISASTER', 'ERTREAT', 'ETREAT', 'THREAT'] as const
export type EmergencyPurpose = (typeof EMERGENCY_PURPOSES)[number]

const byCode = new Map(PURPOSES.map((purpose) => [purpose.code, purpose]))

/**
 * The purpose of a code.
 * @throws {ConsentTermsError} The code is not in the tree.
 */
export function purposeOf(code: string): Purpose {
  const purpose = byCode.get(code)
  if (purpose === undefined) throw new ConsentTermsError('consent/unknown-purpose')
  return purpose
}

/** The mask with the bits of these codes. */
export function purposeMask(codes: readonly string[]): bigint {
  return codes.reduce((mask, code) => mask | (1n << BigInt(purposeOf(code).index)), 0n)
}

/** The codes whose bits are set, in the order of the tree. */
export function purposeCodes(mask: bigint): string[] {
  return PURPOSES.filter(({ index }) => (mask >> BigInt(index)) & 1n).map(({ code }) => code)
}

/** The mask of a purpose and all its ancestors: whoever was granted one of these may act for it. */
export function ancestorMask(purpose: Purpose): bigint {
  const own = 1n << BigInt(purpose.index)
  return purpose.parent === undefined ? own : own | ancestorMask(purposeOf(purpose.parent))
}

/**
 * Whether a consent for `granted` covers `index`: a purpose permits itself and its descendants, not its siblings or parents.
 * @example
 * permitsPurpose(purposeMask(['HRESCH']), purposeOf('CLINTRCH').index) // true
 * permitsPurpose(purposeMask(['CLINTRCH']), purposeOf('HRESCH').index) // false
 */
export function permitsPurpose(granted: bigint, index: number): boolean {
  const purpose = PURPOSES[index]
  return purpose !== undefined && (ancestorMask(purpose) & granted) !== 0n
}

/** Whether the purpose with this index is a reason for an emergency. */
export function isEmergencyPurpose(index: number): boolean {
  return EMERGENCY_PURPOSES.some((code) => purposeOf(code).index === index)
}
