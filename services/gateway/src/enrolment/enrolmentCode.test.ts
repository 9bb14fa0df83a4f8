import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newEnrolmentCode, readEnrolmentCode } from './enrolmentCode.ts'

describe('an enrolment code', () => {
  test('has ten letters in two groups, none of which can be misread', () => {
    for (let turn = 0; turn < 200; turn += 1) expect(newEnrolmentCode()).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(new Set(Array.from({ length: 1_000 }, newEnrolmentCode)).size).toBe(1_000)
  })

  test('is read however it is typed', () => {
    const code = newEnrolmentCode()
    const plain = code.replace('-', '')
    for (const typed of [code, plain, code.toLowerCase(), ` ${code} `, plain.split('').join(' ')])
      expect(readEnrolmentCode(typed)).toBe(plain)
    expect(readEnrolmentCode('oOiIl-Ll000')).toBe('0011111000')
  })

  test('error: what is none is not read as one', () => {
    for (const typed of ['', 'ABC', 'UUUUU-UUUUU', 'ABCDE-FGHJKM', 'ABCDE-FGHJ!', 'ÄBCDE-FGHJK'])
      expect(readEnrolmentCode(typed)).toBeUndefined()
    fc.assert(
      fc.property(fc.string(), (typed) => readEnrolmentCode(typed)?.length !== 9),
      { seed: 42 },
    )
  })
})
