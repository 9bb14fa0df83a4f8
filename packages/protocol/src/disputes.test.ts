import { expect, test } from 'vitest'
import { statementHash, statementTextSchema } from './disputes.ts'
import { felt } from './ids.ts'

test('a statement hashes the same again, and differently with another text or salt', () => {
  const hash = statementHash('I was not asked.', felt(7))
  expect(statementHash('I was not asked.', felt(7))).toBe(hash)
  expect(new Set([hash, statementHash('I was not asked', felt(7)), statementHash('I was not asked.', felt(8))]).size).toBe(3)
})

test('error: a statement that says nothing is not one', () => {
  expect(statementTextSchema.safeParse('  a ').success).toBe(false)
  expect(statementTextSchema.safeParse('x'.repeat(2_001)).success).toBe(false)
  expect(statementTextSchema.parse('  I was not asked.\n')).toBe('I was not asked.')
})
