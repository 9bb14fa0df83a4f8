import { describe, expect, test } from 'vitest'
import { scrubber } from './scrubText.ts'

describe('scrubber', () => {
  test('takes out whole words, whatever their case and accents', () => {
    const scrub = scrubber(['Víctor493', 'Anne', '12 Fig Lane', '999-35-6731'])
    expect(scrub('VICTOR493 and víctor493 met Anne, not Annette.')).toBe('[removed] and [removed] met [removed], not Annette.')
    expect(scrub('Lives at 12  fig\nlane; SSN 999-35-6731.')).toBe('Lives at [removed]; SSN [removed].')
  })

  test('takes the longest first, and words with signs in them', () => {
    expect(scrubber(['Ann', 'Ann O’Neil (Sr.)', 'a+b'])('Ann O’Neil (Sr.) wrote a+b to Ann')).toBe('[removed] wrote [removed] to [removed]')
  })

  test('leaves a text alone when there is nobody to hide', () => {
    expect(scrubber([])('as it is')).toBe('as it is')
  })
})
