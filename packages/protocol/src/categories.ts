import { ConsentTermsError } from './errors.ts'

/** As much of a FHIR R4 resource as sorting it needs. */
export type ResourceLike = {
  readonly resourceType: string
  readonly category?: unknown
  readonly code?: unknown
  readonly meta?: unknown
  readonly [field: string]: unknown
}

/**
 * What a consent can cover. `bit` stands in the mask of a commitment: never renumber, only append.
 * A resource type that is in no category is never released.
 */
export const CATEGORIES = [
  { key: 'demographics', bit: 0, display: 'Who you are', example: 'name, birth date, address', types: ['Patient'] },
  { key: 'conditions', bit: 1, display: 'Conditions', example: 'diagnoses and problems', types: ['Condition'] },
  {
    key: 'medications',
    bit: 2,
    display: 'Medications',
    example: 'prescriptions and what was given',
    types: ['MedicationRequest', 'MedicationStatement', 'MedicationAdministration', 'MedicationDispense', 'Medication'],
  },
  { key: 'vitals', bit: 3, display: 'Vital signs', example: 'blood pressure, pulse, weight', types: [] },
  { key: 'laboratory', bit: 4, display: 'Laboratory', example: 'blood and urine results', types: [] },
  { key: 'procedures', bit: 5, display: 'Procedures', example: 'operations and treatments', types: ['Procedure'] },
  { key: 'immunizations', bit: 6, display: 'Immunisations', example: 'vaccines received', types: ['Immunization'] },
  { key: 'allergies', bit: 7, display: 'Allergies', example: 'allergies and intolerances', types: ['AllergyIntolerance'] },
  { key: 'encounters', bit: 8, display: 'Visits', example: 'appointments and hospital stays', types: ['Encounter'] },
  { key: 'imaging', bit: 9, display: 'Imaging', example: 'list of scans, not the pictures', types: ['ImagingStudy'] },
  {
    key: 'documents',
    bit: 10,
    display: 'Notes and documents',
    example: 'all free text, also remarks beside results',
    types: ['DocumentReference'],
  },
  { key: 'social', bit: 11, display: 'Lifestyle and surveys', example: 'smoking, questionnaires', types: ['QuestionnaireResponse'] },
  { key: 'care-plans', bit: 12, display: 'Care plans', example: 'plans, goals, care teams', types: ['CarePlan', 'CareTeam', 'Goal'] },
  {
    key: 'claims',
    bit: 13,
    display: 'Bills',
    example: 'claims and what insurance paid',
    types: ['Claim', 'ExplanationOfBenefit', 'Coverage'],
  },
  {
    key: 'devices',
    bit: 14,
    display: 'Devices',
    example: 'implants and supplies',
    types: ['Device', 'SupplyDelivery', 'DeviceUseStatement'],
  },
] as const satisfies readonly { key: string; bit: number; display: string; example: string; types: readonly string[] }[]

export type CategoryKey = (typeof CATEGORIES)[number]['key']

/** All category keys, in the order of their bits. */
export const CATEGORY_KEYS = CATEGORIES.map(({ key }) => key) as [CategoryKey, ...CategoryKey[]]

/**
 * Kinds of information that a consent covers only when it says so, whatever the category. `bit` stands in the mask of a commitment: never renumber, only append.
 * Which codes, words and labels tell a kind stands in `@medsync/protocol/sensitivity`.
 * @source HL7 v3 ActCode, InformationSensitivityPolicy (http://terminology.hl7.org/ValueSet/v3-InformationSensitivityPolicy).
 */
export const SENSITIVITIES = [
  {
    key: 'mental-health',
    bit: 0,
    display: 'Mental health',
    example: 'diagnoses, questionnaires, therapy, medicines such as antidepressants',
  },
  { key: 'substance-use', bit: 1, display: 'Alcohol and drugs', example: 'use, dependence, tests, treatment' },
  {
    key: 'sexual-health',
    bit: 2,
    display: 'Sexual and reproductive health',
    example: 'pregnancy, contraception, abortion, fertility, sexually transmitted infections, gender',
  },
  { key: 'hiv', bit: 3, display: 'HIV', example: 'tests, infection, prevention, medicines' },
  { key: 'violence', bit: 4, display: 'Violence and abuse', example: 'at home or elsewhere, of children and adults, sexual assault' },
  { key: 'genetic', bit: 5, display: 'Genetic information', example: 'tests of genes, inherited diseases, cancer in the family' },
  {
    key: 'restricted',
    bit: 6,
    display: 'Marked restricted by the hospital',
    example: 'restricted for a reason that is none of the above, or at your own request',
  },
] as const satisfies readonly { key: string; bit: number; display: string; example: string }[]

export type SensitivityKey = (typeof SENSITIVITIES)[number]['key']
export const SENSITIVITY_KEYS = SENSITIVITIES.map(({ key }) => key) as [SensitivityKey, ...SensitivityKey[]]

const byType = new Map<string, CategoryKey>(CATEGORIES.flatMap(({ key, types }) => types.map((type): [string, CategoryKey] => [type, key])))

/** Observation categories (http://terminology.hl7.org/CodeSystem/observation-category) and what they belong to. */
const observationCategories = new Map<string, CategoryKey>([
  ['vital-signs', 'vitals'],
  ['laboratory', 'laboratory'],
  ['imaging', 'imaging'],
  ['procedure', 'procedures'],
  ['therapy', 'procedures'],
  ['activity', 'social'],
  ['social-history', 'social'],
  ['survey', 'social'],
  ['exam', 'vitals'],
  ['clinical-test', 'laboratory'],
])

/**
 * The one category a resource belongs to, or undefined: then no consent covers it and it is never released.
 * A report that carries a document counts as a document, since its text can say anything.
 */
export function categoryOf(resource: ResourceLike): CategoryKey | undefined {
  if (resource.resourceType === 'Observation') {
    return codesOf(resource.category)
      .map((code) => observationCategories.get(code))
      .find((key) => key !== undefined)
  }
  if (resource.resourceType === 'DiagnosticReport') return resource.presentedForm === undefined ? 'laboratory' : 'documents'
  return byType.get(resource.resourceType)
}

/** Mask of these categories. */
export function categoryMask(keys: readonly CategoryKey[]): bigint {
  return maskOf(CATEGORIES, keys)
}

/** Categories whose bits are set. */
export function categoryKeys(mask: bigint): CategoryKey[] {
  return CATEGORIES.filter(({ bit }) => (mask >> BigInt(bit)) & 1n).map(({ key }) => key)
}

/** Mask of these sensitivities. */
export function sensitivityMask(keys: readonly SensitivityKey[]): bigint {
  return maskOf(SENSITIVITIES, keys)
}

function maskOf(table: readonly { readonly key: string; readonly bit: number }[], keys: readonly string[]): bigint {
  return keys.reduce((mask, key) => {
    const row = table.find((candidate) => candidate.key === key)
    if (row === undefined) throw new ConsentTermsError('consent/unknown-category')
    return mask | (1n << BigInt(row.bit))
  }, 0n)
}

/** All codes in a CodeableConcept, or in a list of them; anything else has none. */
function codesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(codesOf)
  if (typeof value !== 'object' || value === null) return []
  const { coding, code } = value as { coding?: unknown; code?: unknown }
  return [...(typeof code === 'string' ? [code] : []), ...(coding === undefined ? [] : codesOf(coding))]
}
