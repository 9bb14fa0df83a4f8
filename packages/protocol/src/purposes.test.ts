import { describe, expect, test } from 'vitest'
import {
  ancestorMask,
  EMERGENCY_PURPOSES,
  isEmergencyPurpose,
  PURPOSES,
  permitsPurpose,
  purposeCodes,
  purposeMask,
  purposeOf,
} from './purposes.ts'

const permits = (granted: string, asked: string) => permitsPurpose(purposeMask([granted]), purposeOf(asked).index)

describe('the PurposeOfUse tree', () => {
  test('has 59 codes, each once, each at its index, each below a parent that stands before it', () => {
    expect(PURPOSES).toHaveLength(59)
    expect(new Set(PURPOSES.map(({ code }) => code)).size).toBe(59)
    PURPOSES.forEach((purpose, place) => {
      expect(purpose.index).toBe(place)
      if (purpose.parent !== undefined) expect(purposeOf(purpose.parent).index).toBeLessThan(place)
    })
  })

  test('has the seven branches of HL7 v3', () => {
    expect(PURPOSES.filter(({ parent }) => parent === undefined).map(({ code }) => code)).toEqual([
      'HMARKT',
      'HOPERAT',
      'HPAYMT',
      'HRESCH',
      'PATRQT',
      'PUBHLTH',
      'TREAT',
    ])
  })

  test('a purpose permits itself and its descendants', () => {
    for (const asked of ['HRESCH', 'BIORCH', 'CLINTRCH', 'CLINTRCHNPC']) expect(permits('HRESCH', asked)).toBe(true)
  })

  test('a purpose permits neither its parent nor its siblings nor another branch', () => {
    for (const asked of ['HRESCH', 'BIORCH', 'DSRCH', 'TREAT', 'CLINTRL', 'HMARKT']) expect(permits('CLINTRCH', asked)).toBe(false)
  })

  test('error: an index outside the tree is never permitted', () => {
    for (const index of [-1, 59, 1.5]) expect(permitsPurpose(2n ** 128n - 1n, index)).toBe(false)
  })

  test('emergencies have five reasons, and no other purpose is one', () => {
    const reasons = PURPOSES.filter(({ index }) => isEmergencyPurpose(index)).map(({ code }) => code)
    expect(reasons.sort()).toEqual([...EMERGENCY_PURPOSES])
    expect(isEmergencyPurpose(59)).toBe(false)
  })

  test('masks come back as codes', () => {
    expect(purposeCodes(purposeMask(['CLINTRCH', 'TREAT']))).toEqual(['CLINTRCH', 'TREAT'])
    expect(ancestorMask(purposeOf('BTG'))).toBe(purposeMask(['BTG', 'ETREAT', 'TREAT']))
  })

  test('error: a code that is not in the tree', () => {
    expect(() => purposeMask(['RESEARCH'])).toThrowErrorMatchingInlineSnapshot(
      `[ConsentTermsError: That purpose is not in the PurposeOfUse tree. Choose one from the list.]`,
    )
  })
})
