import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCriteria } from './criteria.ts'
import { describeCriterion } from './describeCriterion.ts'
import { aged, comparing, concept, diagnosed, gendered, group, LN, measuring, operated, quantity, SCT, taking, within } from './testing.ts'

const whole = group(
  aged(18, 65),
  gendered('female', 'other'),
  diagnosed(),
  taking(within(90, 'd')),
  measuring(7, 10, '%', within(6, 'mo')),
  operated('80146002', { exclude: true }),
)
const failureOf = (characteristic: unknown): string => {
  try {
    parseCriteria(group(aged(18, 65), characteristic))
  } catch (error) {
    return String(error)
  }
  return 'it was taken'
}

describe('parseCriteria', () => {
  test('a study’s criteria are read, and said in words', () => {
    expect(parseCriteria(whole).map(describeCriterion)).toMatchInlineSnapshot(`
      [
        "Needed: age from 18 to 65 years",
        "Needed: administrative gender female or other",
        "Needed: condition 44054006, on the day",
        "Needed: medication 860975, in the last 90 days",
        "Needed: newest 4548-4 from 7 to 10 %, in the last 6 months",
        "Left out: procedure 80146002, ever",
      ]
    `)
  })

  test.each([
    ['<', 7, 'below 7 %'],
    ['<=', 7, 'at most 7 %'],
    ['>', 7, 'above 7 %'],
    ['>=', 7, 'at least 7 %'],
    [undefined, 7, 'exactly 7 %'],
  ])('a quantity with %s %s is %s', (comparator, value, words) => {
    expect(parseCriteria(group(comparing(comparator, value))).map(describeCriterion)[0]).toBe(`Needed: newest 4548-4 ${words}`)
  })

  test('a high bound is brought to the unit of the low one', () => {
    const weight = { code: concept(LN, '29463-7'), exclude: false, valueRange: { low: quantity(40, 'kg'), high: quantity(120_000, 'g') } }
    expect(parseCriteria(group(weight))[0]).toMatchObject({ value: { bounds: { low: 40, high: 120 }, unit: 'kg' } })
  })

  test('"is so: false" leaves out, and "left out: false" does not', () => {
    const has = (valueBoolean: boolean, exclude: boolean) =>
      parseCriteria(group({ code: concept(SCT, '44054006'), valueBoolean, exclude }))[0]?.isExcluded
    expect([has(true, false), has(false, false), has(true, true), has(false, true)]).toEqual([false, true, true, false])
  })

  test('error: what is no group of people', () => {
    for (const input of [null, [], 'group', { resourceType: 'Patient' }, group(), { ...group(aged(1, 2)), actual: true }])
      expect(() => parseCriteria(input)).toThrow(expect.objectContaining({ code: 'matching/not-a-group' }))
    expect(() => parseCriteria(group(...Array.from({ length: 51 }, () => aged(1, 2))))).toThrow(
      expect.objectContaining({ code: 'matching/not-a-group' }),
    )
  })

  test.each([
    ['no code', { valueBoolean: true, exclude: false }],
    ['a code that is not known', { ...diagnosed(), code: concept('http://local', 'x') }],
    ['codes that contradict each other', { ...diagnosed(), code: concept(LN, '29308-4', '10160-0') }],
    ['a diagnosis that is an observation, too', { ...diagnosed(), code: concept(LN, '29308-4', '4548-4') }],
    ['a code of text only', { ...diagnosed(), code: { text: 'Diagnosis' } }],
    ['no value', { code: concept(LN, '30525-0'), exclude: false }],
    ['two values', { ...aged(18, 65), valueBoolean: true }],
    ['a reference as value', { code: concept(LN, '29308-4'), valueReference: { reference: 'Condition/1' }, exclude: false }],
    ['no exclude', { code: concept(LN, '29308-4'), valueCodeableConcept: concept(SCT, '1') }],
    ['a field that is not known', { ...diagnosed(), modifierExtension: [] }],
    ['an extension that is not known', diagnosed({ extension: [{ url: 'urn:other', valueBoolean: true }] })],
    ['a unit that is not UCUM', measuring(1, 2, 'percent')],
    ['no unit', { code: concept(LN, '4548-4'), valueQuantity: { value: 7 }, exclude: false }],
    ['low above high', measuring(9, 7)],
    ['units of two kinds', { code: concept(LN, '4548-4'), valueRange: { low: quantity(1, '%'), high: quantity(2, 'kg') }, exclude: false }],
    ['an empty range', { code: concept(LN, '4548-4'), valueRange: {}, exclude: false }],
    ['an age in kilograms', aged(18, 65, 'kg')],
    ['an age as a concept', { code: concept(LN, '30525-0'), valueCodeableConcept: concept(SCT, '1'), exclude: false }],
    ['an age with a period', { ...aged(18, 65), period: { start: '2020' } }],
    ['a gender that is not known', gendered('female', 'banana')],
    ['a gender of "unknown"', gendered('unknown')],
    ['a period that ends before it starts', diagnosed({ period: { start: '2024', end: '2020' } })],
    ['a period without ends', diagnosed({ period: {} })],
    ['a date that no calendar has', diagnosed({ period: { start: '2024-02-30' } })],
    ['a window in hours', diagnosed(within(5, 'h'))],
    ['a window of half a year', diagnosed(within(0.5, 'a'))],
    ['a window of nothing', diagnosed(within(0, 'd'))],
    ['a window and a period', diagnosed({ ...within(5, 'd'), period: { start: '2024' } })],
    ['a condition that is a number', { code: concept(LN, '29308-4'), valueQuantity: quantity(1, '1'), exclude: false }],
    [
      'a code of two kinds that is true',
      { code: { coding: [...concept(SCT, '1').coding, ...concept(LN, '2').coding] }, valueBoolean: true, exclude: false },
    ],
    ['no characteristic', null],
    ['infinity', measuring(Number.NEGATIVE_INFINITY, 2)],
  ])('error: %s is refused, naming the characteristic', (_, characteristic) => {
    expect(failureOf(characteristic)).toMatch(/\(characteristic 2: .+\)/)
  })

  test('error: anything at all is read or refused, and nothing else happens', () => {
    const field = fc.constantFrom(
      'code',
      'valueRange',
      'valueQuantity',
      'valueCodeableConcept',
      'valueBoolean',
      'exclude',
      'period',
      'extension',
    )
    fc.assert(
      fc.property(fc.dictionary(field, fc.anything()), fc.constantFrom(aged(18, 65), diagnosed(), measuring(1, 2)), (odd, sound) => {
        expect(failureOf({ ...sound, ...odd })).toMatch(/^(MatchingError|it was taken)/)
      }),
      { seed: 6, numRuns: 2_000 },
    )
  })

  test('error: the refusal says where, and not what stood there', () => {
    expect(failureOf(measuring(1, 2, 'secret-unit'))).toMatchInlineSnapshot(
      `"MatchingError: A criterion cannot be read, so none was taken. (characteristic 2: valueRange.low.code: a UCUM unit that can be converted; valueRange.high.code: a UCUM unit that can be converted) Mend the characteristic that is named: its code, its value with a UCUM unit, or its time."`,
    )
    expect(failureOf({ ...diagnosed(), Planted: 'planted' })).not.toContain('lanted')
  })
})
