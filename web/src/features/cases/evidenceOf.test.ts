import type { CaseDetail } from '@medsync/protocol'
import { scoreUrgency } from '@medsync/protocol/urgency'
import { expect, test } from 'vitest'
import { evidenceOf, sourceOf } from './evidenceOf.ts'

const nowS = Date.UTC(2026, 10, 21, 12) / 1000
const loinc = (code: string, text: string) => ({ coding: [{ system: 'http://loinc.org', code }], text })
const pressure = {
  resourceType: 'Observation',
  id: 'case-1.1',
  status: 'final',
  code: loinc('85354-9', 'Blood pressure panel'),
  effectiveDateTime: '2026-11-21T11:30:00Z',
  component: [
    {
      code: loinc('8462-4', 'Diastolic'),
      valueQuantity: { value: 60, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
    {
      code: loinc('8480-6', 'Systolic'),
      valueQuantity: { value: 88, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
  ],
}
const air = {
  resourceType: 'Observation',
  id: 'record-a',
  status: 'final',
  code: { coding: [{ system: 'http://snomed.info/sct', code: '722742002' }], text: 'Breathing room air' },
  effectiveDateTime: '2026-11-20T20:00:00Z',
  valueBoolean: true,
}

function detail(): Pick<CaseDetail, 'urgency' | 'observations'> {
  const urgency = scoreUrgency({ observations: [pressure, air], episodeFromS: nowS - 86_400, nowS })
  return {
    urgency: urgency as unknown as CaseDetail['urgency'],
    observations: [
      { id: 'case-1.1', origin: 'case', addedAtS: nowS, resource: pressure },
      { id: 'record-a', origin: 'record', addedAtS: null, resource: air },
    ],
  }
}

test('each vital sign stands with its points, its value out of a panel, and when it was measured', () => {
  const rows = evidenceOf(detail())
  expect(rows).toHaveLength(7)
  const systolic = rows.find(({ parameter }) => parameter === 'systolicPressure')
  expect(systolic).toMatchObject({
    points: 3,
    state: 'current',
    sources: [{ value: '88 mmHg', origin: 'case', measuredAtS: nowS - 1_800 }],
  })
})

test('what is old and what is not known is said to be so', () => {
  const rows = evidenceOf(detail())
  expect(rows.find(({ parameter }) => parameter === 'oxygen')).toMatchObject({
    state: 'outdated',
    sources: [{ value: 'Breathing room air' }],
  })
  expect(rows.find(({ parameter }) => parameter === 'pulse')).toMatchObject({ state: 'missing', points: 0, sources: [] })
})

test('error: a source that the answer did not bring, or that is no resource, is left out', () => {
  const { urgency } = detail()
  expect(evidenceOf({ urgency, observations: [] }).every(({ sources }) => sources.length === 0)).toBe(true)
  const odd = [{ id: 'case-1.1', origin: 'case' as const, addedAtS: nowS, resource: 'no resource' }]
  expect(evidenceOf({ urgency, observations: odd }).every(({ sources }) => sources.length === 0)).toBe(true)
})

test('a level of consciousness that a record has as a code alone stands there in words', () => {
  const level = {
    resourceType: 'Observation',
    id: 'record-c',
    status: 'final',
    code: loinc('67775-7', 'Level of responsiveness'),
    effectiveDateTime: '2026-11-21T11:30:00Z',
    valueCodeableConcept: { coding: [{ system: 'http://loinc.org', code: 'LA17108-4' }] },
  }
  const observation = { id: 'record-c', origin: 'record', addedAtS: null, resource: level } as const
  expect(sourceOf([observation], 'record-c', 'consciousness')?.value).toBe('Responds to voice')
})
