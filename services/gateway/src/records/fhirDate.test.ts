import { describe, expect, test } from 'vitest'
import { fhirDate, joinSpans } from './fhirDate.ts'

const at = (text: string): number => Date.parse(text) / 1_000

describe('fhirDate', () => {
  test.each([
    ['2024', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['2024-02', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['2024-12', '2024-12-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['2024-02-29T10:00:00Z', '2024-02-29T10:00:00Z', '2024-02-29T10:00:01Z'],
    ['2024-02-29T10:00:00.750+02:00', '2024-02-29T08:00:00Z', '2024-02-29T08:00:02Z'],
    ['1950-06-01', '1950-06-01T00:00:00Z', '1950-06-02T00:00:00Z'],
  ])('%s is a span as long as it is vague', (text, from, to) => {
    expect(fhirDate(text)).toEqual({ fromS: at(from), toS: at(to) })
  })

  test.each([undefined, null, 5, '', 'yesterday', '2024-13-01', '2024-1-1', '24'])('error: %s is no date', (text) => {
    expect(fhirDate(text)).toBeUndefined()
  })

  test('spans join to the smallest that holds both', () => {
    expect(joinSpans({ fromS: 5, toS: 6 }, { fromS: 1, toS: 2 })).toEqual({ fromS: 1, toS: 6 })
    expect(joinSpans({ fromS: 5, toS: 6 }, undefined)).toEqual({ fromS: 5, toS: 6 })
  })
})
