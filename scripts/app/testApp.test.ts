import { expect, test } from 'vitest'
import { tallyOf } from './testApp.ts'

test('what cargo says of its tests is counted, and the failed ones named', () => {
  const output = [
    'running 3 tests',
    'test tests::terms::one ... ok',
    'test tests::terms::two ... FAILED',
    'test tests::merge::three ... ok',
    '',
    'test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s',
  ]
  expect(tallyOf(output.join('\n'))).toEqual({ passed: 2, failed: 1, faults: ['tests::terms::two'] })
})

test('error: tests that do not compile are no passed tests', () => {
  expect(tallyOf('error[E0425]: cannot find value')).toBeUndefined()
})
