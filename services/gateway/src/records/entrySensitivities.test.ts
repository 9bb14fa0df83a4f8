import { categoryOf, type ResourceLike } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { entrySensitivities, ownSensitivities } from './entrySensitivities.ts'

const hiv = { coding: [{ system: 'http://snomed.info/sct', code: '86406008' }] }
const of = (...resources: ResourceLike[]): string[][] =>
  entrySensitivities(resources.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource, category: categoryOf(resource) })))

describe('what is sensitive', () => {
  test('is found in any code of a resource, in any label, and in what it contains', () => {
    expect(ownSensitivities({ resourceType: 'Condition', code: hiv })).toEqual(['hiv'])
    expect(ownSensitivities({ resourceType: 'Encounter', diagnosis: [{ use: hiv }] })).toEqual(['hiv'])
    expect(ownSensitivities({ resourceType: 'Claim', contained: [{ resourceType: 'Condition', code: hiv }] })).toEqual(['hiv'])
    expect(ownSensitivities({ resourceType: 'Observation', meta: { security: [{ code: 'PSY' }] } })).toEqual(['mental-health'])
    expect(ownSensitivities({ resourceType: 'Observation', code: { coding: [{ code: '8867-4' }] } })).toEqual([])
  })

  test('a code that is a label elsewhere is no label', () => {
    expect(ownSensitivities({ resourceType: 'Observation', interpretation: [{ coding: [{ code: 'R' }] }] })).toEqual([])
    expect(ownSensitivities({ resourceType: 'Observation', meta: { security: [{ code: 'R' }] } })).toEqual(['restricted'])
  })

  test('passes on to what points at it as its reason, however far, also in a circle', () => {
    const condition = { resourceType: 'Condition', id: 'c', code: hiv, evidence: [{ detail: [{ reference: 'urn:uuid:p' }] }] }
    const drug = { resourceType: 'MedicationRequest', id: 'm', reasonReference: [{ reference: 'Condition/c' }] }
    const plan = {
      resourceType: 'CarePlan',
      id: 'p',
      activity: [{ reference: { reference: 'https://h.example/fhir/MedicationRequest/m/_history/1' } }],
    }
    expect(of(condition, drug, plan)).toEqual([['hiv'], ['hiv'], ['hiv']])
  })

  test('does not pass through the visit or the person, except to the bill of the visit', () => {
    const visit = { resourceType: 'Encounter', id: 'e', reasonCode: [hiv] }
    const pressure = {
      resourceType: 'Observation',
      id: 'o',
      category: [{ coding: [{ code: 'vital-signs' }] }],
      encounter: { reference: 'urn:uuid:e' },
    }
    const bill = { resourceType: 'Claim', id: 'b', item: [{ encounter: [{ reference: 'urn:uuid:e' }] }] }
    expect(of(visit, pressure, bill)).toEqual([['hiv'], [], ['hiv']])
  })

  test('free text may tell everything that is in the record', () => {
    const note = { resourceType: 'DocumentReference', id: 'd' }
    expect(of({ resourceType: 'Condition', id: 'c', code: hiv }, note)[1]).toEqual(['hiv'])
    expect(of(note)).toEqual([[]])
  })
})

test('a chain of 20,000 references is followed to its end within seconds', () => {
  const length = 20_000
  const chain = Array.from({ length }, (_, index) => ({
    fullUrl: `urn:uuid:${index}`,
    category: 'conditions' as const,
    resource: {
      resourceType: 'Condition',
      id: `c${index}`,
      ...(index === length - 1
        ? { code: { text: 'schizophrenia' } }
        : { evidence: [{ detail: [{ reference: `Condition/c${index + 1}` }] }] }),
    },
  }))
  const startedAtMs = performance.now()
  expect(entrySensitivities(chain)[0]).toEqual(['mental-health'])
  expect(performance.now() - startedAtMs).toBeLessThan(5_000)
})
