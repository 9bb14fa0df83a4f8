import { describe, expect, test } from 'vitest'
import { CATEGORIES, categoryKeys, categoryMask, categoryOf, SENSITIVITIES, sensitivitiesOf } from './categories.ts'

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

describe('sensitivitiesOf', () => {
  test('reads the labels that a hospital sets', () => {
    expect(sensitivitiesOf({ resourceType: 'Condition', meta: { security: [{ code: 'HIV' }, { code: 'R' }] } })).toEqual([
      'hiv',
      'restricted',
    ])
  })

  test('reads codes where there are no labels, wherever a code may stand', () => {
    expect(sensitivitiesOf({ resourceType: 'Condition', code: concept('5602001') })).toEqual(['substance-use'])
    expect(sensitivitiesOf({ resourceType: 'Encounter', reasonCode: [concept('706893006')] })).toEqual(['violence'])
    expect(sensitivitiesOf({ resourceType: 'Condition', code: concept('38341003') })).toEqual([])
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
