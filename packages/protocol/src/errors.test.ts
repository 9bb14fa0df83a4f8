import { describe, expect, test } from 'vitest'
import { ConsentTermsError } from './errors.ts'
import { errorWords, isErrorCode } from './errorWords.ts'

describe('the words of failures', () => {
  test.each(Object.entries(errorWords))('%s says what happened and what to do, each in a sentence', (code, { what, hint }) => {
    expect(isErrorCode(code)).toBe(true)
    expect(what).toMatch(/^[A-Z].*[.]$/)
    expect(hint).toMatch(/^[A-Z].*[.]$/)
  })

  test('an error carries its code, both sentences and no more', () => {
    const error = new ConsentTermsError('consent/no-purpose')
    expect(error).toMatchObject({ name: 'ConsentTermsError', code: 'consent/no-purpose' })
    expect(error.message).toBe('The consent names no purpose. Choose at least one purpose.')
  })

  test('what objects inherit is no code', () => {
    expect(isErrorCode('toString')).toBe(false)
  })
})
