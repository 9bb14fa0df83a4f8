import { expect, test } from 'vitest'
import { inProject } from '../paths.ts'
import { summary } from './runSuites.ts'
import { tallyOf } from './runVitest.ts'

const report = (passed: number, failed: number, files: { status: string; name: string; assertionResults: unknown[] }[] = []) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: files })

test('counts what vitest counted', () => {
  expect(tallyOf(report(5, 0), 0)).toEqual({ passed: 5, failed: 0 })
  expect(tallyOf(report(5, 2), 1)).toEqual({ passed: 5, failed: 2 })
})

test('error: a file that could not be loaded is a failure', () => {
  const tally = tallyOf(report(5, 0, [{ status: 'failed', name: inProject('test', 'a.test.ts'), assertionResults: [] }]), 1)
  expect(tally).toMatchObject({ passed: 5, failed: 1 })
  expect(tally.faults?.[0]).toMatch(/^test.a\.test\.ts\n/)
})

test('says which test failed, and the beginning of why', () => {
  const failureMessages = ['one\ntwo\nthree\nfour\nfive']
  const tests = [
    { status: 'failed', fullName: 'grant is refused', failureMessages },
    { status: 'passed', fullName: 'grant works', failureMessages: [] },
  ]
  const { faults } = tallyOf(report(1, 1, [{ status: 'failed', name: inProject('a.test.ts'), assertionResults: tests }]), 1)
  expect(faults).toEqual(['a.test.ts: grant is refused\n    one\n    two\n    three\n    four'])
})

test('error: so is an error outside of tests, a run without a test, and one without a report', () => {
  expect(tallyOf(report(5, 0), 1)).toEqual({ passed: 5, failed: 1 })
  expect(tallyOf(report(0, 0), 1)).toEqual({ passed: 0, failed: 1 })
  expect(tallyOf(undefined, 0)).toEqual({ passed: 0, failed: 1 })
})

test('the last line of the summary is the sum, alone', () => {
  const outcomes = [
    { name: 'unit', passed: 5, failed: 0, tookS: 1 },
    { name: 'chain', passed: 2, failed: 1, tookS: 61.4, faults: ['a.test.ts: grant is refused\n    one'] },
  ]
  expect(summary(outcomes)).toMatchInlineSnapshot(`
    "
    ✓ unit                   5 passed    0 failed     1 s
    ✗ chain                  2 passed    1 failed    61 s

    ✗ chain: a.test.ts: grant is refused
        one

    7 passed, 1 failed"
  `)
  expect(summary(outcomes).split('\n').at(-1)).toBe('7 passed, 1 failed')
})
