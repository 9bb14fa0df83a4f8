const YEAR = new Date().getUTCFullYear()

/** A file to upload, as playwright takes it. */
export type UploadedFile = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

/**
 * Ten people of one hospital, each a FHIR Bundle with a patient of 25 or 50 years and one pulse: person `n` of hospital `h` has the number 10 h + n, and a pulse of
 * 60 more than that.
 */
export function tenPeople(hospital: number): UploadedFile[] {
  return Array.from({ length: 10 }, (_, person) => personFile(10 * hospital + person))
}

function personFile(number: number): UploadedFile {
  const url = (kind: 0 | 1): string => `urn:uuid:00000000-0000-4000-8000-${kind}000000000${String(number).padStart(2, '0')}`
  const patient = {
    resourceType: 'Patient',
    id: `p${number}`,
    identifier: [{ system: 'urn:medsync:test', value: `p${number}` }],
    name: [{ family: 'Tester', given: [`Number ${number}`] }],
    gender: number % 2 === 0 ? 'female' : 'male',
    birthDate: `${YEAR - (number % 3 === 0 ? 25 : 50)}-01-01`,
  }
  const pulse = {
    resourceType: 'Observation',
    id: `o${number}`,
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: url(0) },
    effectiveDateTime: `${YEAR - 1}-03-01T10:00:00Z`,
    valueQuantity: { value: 60 + number, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  }
  const entry = [
    { fullUrl: url(0), resource: patient },
    { fullUrl: url(1), resource: pulse },
  ]
  const bundle = { resourceType: 'Bundle', type: 'collection', entry }
  return { name: `p${number}.json`, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bundle)) }
}
