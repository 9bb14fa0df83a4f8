import { describe, expect, test } from 'vitest'
import { clinicalSpan, isWithin } from './clinicalSpan.ts'

const DAY_S = 86_400
const day = (text: string): number => Date.parse(text) / 1_000

describe('clinicalSpan', () => {
  test('reaches from the start of something to its end', () => {
    const condition = {
      resourceType: 'Condition',
      onsetDateTime: '2020-01-01',
      abatementDateTime: '2021-01-01',
      recordedDate: '1999-01-01',
    }
    expect(clinicalSpan(condition)).toEqual({ fromS: day('2020-01-01'), toS: day('2021-01-02') })
    const stay = { resourceType: 'Encounter', period: { start: '2020-01-01', end: '2020-01-03' } }
    expect(clinicalSpan(stay)).toEqual({ fromS: day('2020-01-01'), toS: day('2020-01-04') })
  })

  test('takes the best date there is', () => {
    expect(clinicalSpan({ resourceType: 'Observation', issued: '2020-01-05', effectiveDateTime: '2020-01-01' })?.fromS).toBe(
      day('2020-01-01'),
    )
    expect(clinicalSpan({ resourceType: 'Observation', issued: '2020-01-05' })?.fromS).toBe(day('2020-01-05'))
    expect(clinicalSpan({ resourceType: 'DocumentReference', context: { period: { start: '2020-01-01' } } })?.fromS).toBe(day('2020-01-01'))
  })

  test('is unknown where the resource does not say', () => {
    expect(clinicalSpan({ resourceType: 'Medication' })).toBeUndefined()
    expect(clinicalSpan({ resourceType: 'Encounter', period: { end: '2020-01-03' } })).toBeUndefined()
    expect(clinicalSpan({ resourceType: 'Condition', onsetDateTime: { reference: 'x' } })).toBeUndefined()
  })
})

describe('isWithin', () => {
  const observed = { resourceType: 'Observation', effectiveDateTime: '2020-01-02' }
  const period = (dataFromS: number, dataToS: number) => ({ dataFromS, dataToS })

  test('holds what lies in it, with its edges', () => {
    expect(isWithin(observed, period(day('2020-01-02'), day('2020-01-03')))).toBe(true)
    expect(isWithin(observed, period(day('2020-01-02') + 1, 0))).toBe(false)
    expect(isWithin(observed, period(0, day('2020-01-02') + DAY_S - 1))).toBe(false)
    expect(isWithin(observed, period(0, day('2020-01-02') + DAY_S))).toBe(true)
  })

  test('an open period holds everything, any other nothing that says no date', () => {
    expect(isWithin({ resourceType: 'Patient' }, period(0, 0))).toBe(true)
    expect(isWithin({ resourceType: 'Patient' }, period(1, 0))).toBe(false)
  })
})
