/** FHIR resources and criteria for the tests of this folder. */
export const DAY = '2026-11-21'
export const SCT = 'http://snomed.info/sct'
export const LN = 'http://loinc.org'
export const RX = 'http://www.nlm.nih.gov/research/umls/rxnorm'
const GENDER = 'http://hl7.org/fhir/administrative-gender'
export const DIABETES = '44054006'
export const METFORMIN = '860975'
export const HBA1C = '4548-4'

export const concept = (system: string, ...codes: readonly string[]) => ({ coding: codes.map((code) => ({ system, code })) })
export const quantity = (value: number, code: string, comparator?: string) => ({
  value,
  system: 'http://unitsofmeasure.org',
  code,
  ...(comparator === undefined ? {} : { comparator }),
})

export const group = (...characteristic: readonly unknown[]) => ({ resourceType: 'Group', type: 'person', actual: false, characteristic })
const asked = (code: object, value: object, more: object = {}) => ({ code, ...value, exclude: false, ...more })
export const within = (value: number, code: string) => ({
  extension: [{ url: 'urn:medsync:within', valueDuration: { value, system: 'http://unitsofmeasure.org', code } }],
})

export const aged = (low: number | undefined, high: number | undefined, unit = 'a', more?: object) =>
  asked(
    concept(LN, '30525-0'),
    {
      valueRange: {
        ...(low === undefined ? {} : { low: quantity(low, unit) }),
        ...(high === undefined ? {} : { high: quantity(high, unit) }),
      },
    },
    more,
  )
export const gendered = (...genders: readonly string[]) =>
  asked(concept(LN, '46098-0'), { valueCodeableConcept: concept(GENDER, ...genders) })
export const diagnosed = (more?: object, ...codes: readonly string[]) =>
  asked(concept(LN, '29308-4'), { valueCodeableConcept: concept(SCT, ...(codes.length === 0 ? [DIABETES] : codes)) }, more)
export const taking = (more?: object, ...codes: readonly string[]) =>
  asked(concept(LN, '10160-0'), { valueCodeableConcept: concept(RX, ...(codes.length === 0 ? [METFORMIN] : codes)) }, more)
export const operated = (code: string, more?: object) => asked(concept(SCT, '71388002'), { valueCodeableConcept: concept(SCT, code) }, more)
export const measuring = (low: number, high: number, unit = '%', more?: object, code = HBA1C) =>
  asked(concept(LN, code), { valueRange: { low: quantity(low, unit), high: quantity(high, unit) } }, more)
export const comparing = (comparator: string | undefined, value: number, unit = '%', more?: object) =>
  asked(concept(LN, HBA1C), { valueQuantity: quantity(value, unit, comparator) }, more)

export const patient = (more: object = {}) => ({ resourceType: 'Patient', id: 'p', gender: 'female', birthDate: '1980-06-15', ...more })
const clinical = (code: string) => concept('http://terminology.hl7.org/CodeSystem/condition-clinical', code)
const verified = (code: string) => concept('http://terminology.hl7.org/CodeSystem/condition-ver-status', code)
export const condition = (id: string, more: object = {}, status = 'active', verification = 'confirmed') => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: clinical(status),
  verificationStatus: verified(verification),
  code: concept(SCT, DIABETES),
  subject: { reference: 'urn:uuid:p' },
  onsetDateTime: '2020-03-01',
  ...more,
})
export const flu = condition('flu', { code: concept(SCT, '6142004') })
export const request = (id: string, more: object = {}, status = 'active') => ({
  resourceType: 'MedicationRequest',
  id,
  status,
  intent: 'order',
  medicationCodeableConcept: concept(RX, METFORMIN),
  authoredOn: '2024-01-10',
  ...more,
})
export const hba1c = (id: string, value: number, date: string, unit = '%', more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: concept(LN, HBA1C),
  effectiveDateTime: date,
  valueQuantity: quantity(value, unit),
  ...more,
})
