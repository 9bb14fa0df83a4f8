import { expect, test } from 'vitest'
import { refreshSensitivities } from './refreshSensitivities.ts'

test('what was stored under earlier rules is judged by the present ones, notes and prescriptions included', async () => {
  const hiv = { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'B20' }] }
  const refreshed = await refreshSensitivities(
    new Map([
      ['conditions', [{ fullUrl: 'urn:uuid:c', sensitivities: [], resource: { resourceType: 'Condition', id: 'c', code: hiv } }]],
      ['documents', [{ fullUrl: 'urn:uuid:d', sensitivities: [], resource: { resourceType: 'DocumentReference', id: 'd' } }]],
      [
        'medications',
        [
          {
            fullUrl: 'urn:uuid:m',
            sensitivities: ['restricted'],
            resource: { resourceType: 'MedicationRequest', id: 'm', reasonReference: [{ reference: 'urn:uuid:c' }] },
          },
        ],
      ],
      ['vitals', [{ fullUrl: 'urn:uuid:v', sensitivities: [], resource: { resourceType: 'Observation', id: 'v' } }]],
    ]),
  )
  expect(refreshed.get('conditions')?.[0]?.sensitivities).toEqual(['hiv'])
  expect(refreshed.get('documents')?.[0]?.sensitivities).toEqual(['hiv', 'restricted'])
  expect(refreshed.get('medications')?.[0]?.sensitivities).toEqual(['hiv', 'restricted'])
  expect(refreshed.get('vitals')?.[0]?.sensitivities).toEqual([])
})
