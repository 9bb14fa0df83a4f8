import { describe, expect, test } from 'vitest'
import { CATEGORIES, categoryKeys, categoryMask, categoryOf, SENSITIVITIES } from './categories.ts'

const concept = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] })

describe('categoryOf', () => {
  test.each([
    [{ resourceType: 'Patient' }, 'demographics'],
    [{ resourceType: 'Observation', category: [concept('vital-signs')] }, 'vitals'],
    [{ resourceType: 'Observation', category: [concept('laboratory')] }, 'laboratory'],
    [{ resourceType: 'Observation', category: [concept('made-up'), concept('survey')] }, 'social'],
    [{ resourceType: 'DiagnosticReport' }, 'laboratory'],
    [{ resourceType: 'DiagnosticReport', presentedForm: [{ data: 'x' }] }, 'documents'],
    [{ resourceType: 'DocumentReference' }, 'documents'],
  ])('%o is %s', (resource, category) => {
    expect(categoryOf(resource)).toBe(category)
  })

  test('what is in no category is never released', () => {
    for (const resourceType of ['Observation', 'Provenance', 'Practitioner', 'Organization', 'Basic', 'constructor', '__proto__']) {
      expect(categoryOf({ resourceType })).toBeUndefined()
    }
  })
})

describe('masks', () => {
  test('every bit is used once', () => {
    for (const table of [CATEGORIES, SENSITIVITIES]) expect(new Set(table.map(({ bit }) => bit)).size).toBe(table.length)
  })

  test('come back as keys', () => {
    expect(categoryKeys(categoryMask(['vitals', 'devices']))).toEqual(['vitals', 'devices'])
  })
})
