import { describe, expect, test } from 'vitest'
import { BundleAddresses } from './bundleAddresses.ts'
import { addressesOf, baseOf, canonicalAddress, resolveReference } from './references.ts'

const MERCY = 'https://fhir.mercy.example/r4/'
const LAKESIDE = 'https://fhir.lakeside.example/r4/'
const UUID = '7d3c1a52-0f4e-4b53-9a0e-2f6b8f1f9c11'

const patient = {
  fullUrl: `${MERCY}Patient/1`,
  resource: { resourceType: 'Patient', id: '1', identifier: [{ system: 'urn:oid:2.16', value: 'MRN-1' }, { value: 'bare' }] },
}
const byUrn = { fullUrl: `urn:uuid:${UUID}`, resource: { resourceType: 'Patient', id: 'u' } }

describe('addresses', () => {
  test('have one spelling: host and UUID in lower case, no default port, no version', () => {
    expect(canonicalAddress(`URN:UUID:${UUID.toUpperCase()}`)).toBe(`urn:uuid:${UUID}`)
    expect(canonicalAddress('urn:OID:1.2.3')).toBe('urn:oid:1.2.3')
    expect(canonicalAddress('HTTPS://FHIR.Mercy.example:443/R4/Patient/aB/_history/3')).toBe('https://fhir.mercy.example/R4/Patient/aB')
    expect(canonicalAddress('Patient/1/_history/2')).toBe('Patient/1')
  })

  test('a base is what stands before type and id, and nothing else has one', () => {
    expect(baseOf(`${MERCY}Patient/1/_history/4`)).toBe(MERCY)
    for (const url of [
      undefined,
      `urn:uuid:${UUID}`,
      'Patient/1',
      'https://a.example/',
      'https://a.example/x',
      'https://a.example/patient/1#a',
    ]) {
      expect(baseOf(url)).toBeUndefined()
    }
  })
})

describe('a reference to the patient', () => {
  const known = new Map(addressesOf(patient).map((address): [string, true] => [address, true]))
  const from = `${MERCY}Observation/7`

  test.each([
    ['absolute', `${MERCY}Patient/1`, from],
    ['absolute with a version', `${MERCY}Patient/1/_history/3`, from],
    ['absolute with a host in capitals', 'https://FHIR.mercy.example/r4/Patient/1', undefined],
    ['relative, on the same server', 'Patient/1', from],
    ['relative with a version', 'Patient/1/_history/3', from],
    ['relative, from an entry without a server', 'Patient/1', `urn:uuid:${UUID}`],
  ])('%s, is found', (_name, reference, entry) => {
    expect(resolveReference(reference, known, entry)).toBe(true)
  })

  test.each([
    ['of another server', `${LAKESIDE}Patient/1`, from],
    ['relative, below another server', 'Patient/1', `${LAKESIDE}Observation/7`],
    ['of another path of the same server', 'https://fhir.mercy.example/r5/Patient/1', from],
    ['by http where it is https', `${MERCY.replace('https', 'http')}Patient/1`, from],
    ['that merely ends so', 'https://evil.example/?x=Patient/1', from],
    ['a fragment of it', `${MERCY}Patient/1#contained`, from],
    ['of a contained resource', '#1', from],
    ['with a path that climbs', '../r4/Patient/1', from],
    ['with a slash before', '/Patient/1', from],
    ['with a slash after', 'Patient/1/', from],
    ['of another type', 'Group/1', from],
    ['of the id alone', '1', from],
    ['of no letters', '', from],
    ['of ten thousand letters', `Patient/${'1'.repeat(10_000)}`, from],
  ])('error: one %s is not', (_name, reference, entry) => {
    expect(resolveReference(reference, known, entry)).toBeUndefined()
  })
})

describe('the references of a Bundle', () => {
  const practitioner = { fullUrl: `${MERCY}Practitioner/9`, resource: { resourceType: 'Practitioner', id: '9' } }
  const addresses = new BundleAddresses([patient, practitioner])
  const resolve = (value: unknown, from?: string) => addresses.resolve(value, from ?? `${MERCY}Observation/7`, ['Patient'])

  test('by identifier, and by a search for one, find the Bundle’s own resource', () => {
    for (const token of ['urn:oid:2.16|MRN-1', 'urn%3Aoid%3A2.16%7CMRN-1', 'MRN-1', 'bare', '|bare']) {
      expect(resolve({ reference: `Patient?identifier=${token}` })).toBe(patient)
    }
    expect(resolve({ identifier: { system: 'urn:oid:2.16', value: 'MRN-1' } })).toBe(patient)
    expect(resolve({ type: 'Patient', identifier: { system: 'urn:oid:2.16', value: 'MRN-1' } })).toBe(patient)
  })

  test('error: by something else than one full identifier they find nothing', () => {
    for (const query of [
      'identifier=urn:oid:9|MRN-1',
      'identifier=urn:oid:2.16|',
      'name=Okonjo',
      'identifier=MRN-1&name=x',
      'identifier=MRN-1,bare',
      'identifier=|MRN-1',
    ]) {
      expect(resolve({ reference: `Patient?${query}` })).toBeUndefined()
    }
    expect(resolve({ reference: 'Practitioner?identifier=urn:oid:2.16|MRN-1' })).toBeUndefined()
    expect(resolve({ identifier: { value: 'MRN-1' } })).toBeUndefined()
    expect(resolve({ type: 'Group', identifier: { system: 'urn:oid:2.16', value: 'MRN-1' } })).toBeUndefined()
    for (const value of [undefined, null, 'Patient/1', 7, {}, { reference: 5 }, { display: 'Rowan' }])
      expect(resolve(value)).toBeUndefined()
  })

  test('error: one that says another type than it has finds nothing', () => {
    expect(resolve({ reference: 'Patient/1', type: 'Group' })).toBeUndefined()
    expect(resolve({ reference: 'Patient/1', type: 'Patient' })).toBe(patient)
    expect(resolve({ reference: 'Patient/1', type: 'http://hl7.org/fhir/StructureDefinition/Patient' })).toBe(patient)
  })

  test('a UUID is found in capitals and in small letters', () => {
    const found = new BundleAddresses([byUrn]).resolve({ reference: `urn:uuid:${UUID.toUpperCase()}` }, undefined)
    expect(found).toBe(byUrn)
  })

  test('error: what two servers could mean is neither', () => {
    const namesake = { fullUrl: `${LAKESIDE}Patient/1`, resource: { resourceType: 'Patient', id: '1' } }
    const both = new BundleAddresses([patient, namesake])
    expect(both.resolve({ reference: 'Patient/1' }, `urn:uuid:${UUID}`)).toBeUndefined()
    expect(both.resolve({ reference: 'Patient/1' }, undefined)).toBeUndefined()
    expect(both.resolve({ reference: 'Patient/1' }, `${LAKESIDE}Observation/2`)).toBe(namesake)
    const elsewhere = new BundleAddresses([
      patient,
      { fullUrl: `${LAKESIDE}Observation/2`, resource: { resourceType: 'Observation', id: '2' } },
    ])
    expect(elsewhere.resolve({ reference: 'Patient/1' }, undefined)).toBeUndefined()
  })
})
