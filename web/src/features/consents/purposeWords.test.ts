import { PURPOSES } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { descendantsOf, purposeWords, withoutIncluded } from './purposeWords.ts'

test('every purpose of the tree has words', () => {
  for (const { code } of PURPOSES) expect(purposeWords(code)).toMatch(/^[A-Z]/)
})

test('a purpose includes those below it at any depth', () => {
  expect(descendantsOf('HRESCH').map(({ code }) => code)).toContain('CLINTRCHPC')
  expect(descendantsOf('DSRCH')).toEqual([])
})

test('what a chosen purpose includes is not said twice', () => {
  expect(withoutIncluded(['HRESCH', 'CLINTRCHPC', 'TREAT'])).toEqual(['HRESCH', 'TREAT'])
})
