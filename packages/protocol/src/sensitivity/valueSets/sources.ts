/**
 * Sources of several of the sets. The first five were read, at the date of the copy. `ICD10`, `ICD9`, `BILLING` and
 * `DRUGS` name the edition that ranges and single codes written by hand are meant for: nobody has compared those with
 * the publication line by line.
 */
export const ECQM = {
  title: 'VSAC value sets as expanded in the CMS electronic clinical quality measures (cqframework, QI-Core 2024 and 2025, R4 2021)',
  date: '2025-03-12',
} as const
export const CONSENT2SHARE = { title: 'SAMHSA Consent2Share, document segmentation value sets', date: '2015-09-18' } as const
/** Only the names of the groups were at hand, not their codes. */
export const SAMHSA_GROUPS = {
  title: 'SAMHSA Consent2Share groups in VSAC, 2.16.840.1.113762.1.4.1142.1 to .67, for the extent of the kind',
  date: '2016-09-09',
} as const
export const SHIFT = { title: 'SHIFT Task Force, SLS-ValueSets (Synthea modules, California AB 352, LEAP)', date: '2026-04-21' } as const
export const ACES = {
  title: 'ACEsinEHRs code lists (adverse childhood experiences, partner violence, mental health, substance misuse), SNOMED CT columns',
  date: '2026-04-05',
} as const
export const ICD10 = { title: 'ICD-10 (WHO 2019) and ICD-10-CM (fiscal year 2026), chapters and categories', date: '2025-10-01' } as const
export const ICD9 = { title: 'ICD-9-CM, volumes 1 to 3', date: '2014-10-01' } as const
export const BILLING = {
  title: 'CPT, HCPCS Level II, NUBC revenue codes, MS-DRG and NUCC taxonomy, ranges by section',
  date: '2025-01-01',
} as const
export const DRUGS = { title: 'WHO ATC classification; RxNorm ingredients (CPIC drug table)', date: '2025-01-01' } as const

/** True of every set: there is no terminology server here. */
export const OFFLINE =
  'Without a terminology server the descendants of a SNOMED CT concept, the products of an RxNorm ingredient, newer LOINC terms and local codes are known only as far as they are listed. What is not listed is found by the words of its display or text; a code alone that is neither listed nor described is not found.'
