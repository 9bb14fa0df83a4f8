import { expect, test } from 'vitest'
import { summariseResource } from './summariseResource.ts'

test('an observation is said with its value and day', () => {
  expect(
    summariseResource({
      resourceType: 'Observation',
      id: 'a',
      code: { text: 'Body weight' },
      valueQuantity: { value: 71.3, unit: 'kg' },
      effectiveDateTime: '2025-03-02',
    }),
  ).toEqual({ id: 'a', what: 'Body weight', value: '71.3 kg', date: '2025-03-02' })
})

test('a unit that stands in its code only is shown', () => {
  const summary = summariseResource({ resourceType: 'Observation', code: {}, valueQuantity: { value: 5, code: 'mg/dL' } })
  expect(summary).toEqual({ id: '', what: 'Observation', value: '5 mg/dL', date: '' })
})

test('a blood pressure is said with both of its parts', () => {
  const summary = summariseResource({
    resourceType: 'Observation',
    code: { coding: [{ display: 'Blood pressure' }] },
    component: [
      { code: { text: 'Diastolic' }, valueQuantity: { value: 80, unit: 'mm[Hg]' } },
      { code: { text: 'Systolic' }, valueQuantity: { value: 120, unit: 'mm[Hg]' } },
    ],
  })
  expect(summary.value).toBe('Diastolic 80 mm[Hg]; Systolic 120 mm[Hg]')
})

test('a resource of a shape nobody foresaw still has a line', () => {
  expect(summariseResource({ resourceType: 'Basic', code: 7, status: 'active' })).toEqual({
    id: '',
    what: 'Basic',
    value: 'active',
    date: '',
  })
})
