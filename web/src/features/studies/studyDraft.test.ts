import { felt } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { dayToS } from '../../ui/format/formatTime.ts'
import { newStudyDraft, offerOfStudy, previewOfStudy, problemsOfStudy, type StudyDraft } from './studyDraft.ts'

const nowS = dayToS('2026-11-20') ?? 0
const token = { address: felt(1), symbol: 'TOK', decimals: 2 }
const draft = (change: Partial<StudyDraft> = {}): StudyDraft => ({
  ...newStudyDraft(nowS, token.address),
  title: 'Blood pressure',
  ...change,
})

test('the preview splits a price as the contract does and says how far the deposit reaches', () => {
  const preview = previewOfStudy(draft({ price: '1.01', deposit: '10', hospitalPercent: 20, poolPercent: 5 }), token, 2000n)
  expect(preview).toEqual({ shares: { patient: 76n, hospital: 20n, pool: 5n }, accesses: 9n, rest: 91n, isAffordable: true })
})

test('what is not typed yet has no preview instead of a wrong one', () => {
  expect(previewOfStudy(draft({ price: '' }), token, undefined)).toEqual({
    shares: undefined,
    accesses: undefined,
    rest: undefined,
    isAffordable: undefined,
  })
  expect(previewOfStudy(draft({ hospitalPercent: 99, poolPercent: 2 }), token, 1n).shares).toBeUndefined()
})

test('a whole draft becomes an offer in the smallest unit', () => {
  expect(problemsOfStudy(draft(), token, 10_000n, nowS)).toEqual({})
  expect(offerOfStudy(draft({ hospitalPercent: 12.34 }), token)).toMatchObject({
    price: 500n,
    deposit: 10_000n,
    hospitalBps: 1234,
    minCohort: 1,
    bond: 0n,
  })
  expect(offerOfStudy(draft({ minCohort: 7, bond: '12.5' }), token)).toMatchObject({ minCohort: 7, bond: 1_250n })
})

test('error: a cohort that the deposit cannot pay for, and a bond that the account does not hold', () => {
  expect(problemsOfStudy(draft({ minCohort: 20 }), token, 10_000n, nowS)).toEqual({})
  expect(problemsOfStudy(draft({ minCohort: 21 }), token, 10_000n, nowS).minCohort).toMatch('no data would ever leave')
  expect(problemsOfStudy(draft({ minCohort: 0 }), token, 10_000n, nowS).minCohort).toBe('At least one.')
  expect(problemsOfStudy(draft({ bond: '1' }), token, 10_099n, nowS).bond).toBe('Deposit and bond are more than your account holds.')
  expect(problemsOfStudy(draft({ bond: '1' }), token, 10_100n, nowS)).toEqual({})
  expect(problemsOfStudy(draft({ bond: 'x' }), token, 10_100n, nowS).bond).toBe('Give an amount, or 0.')
  expect(previewOfStudy(draft({ bond: '1' }), token, 10_099n).isAffordable).toBe(false)
})

test('error: amounts of zero, above the balance and below one access are each named', () => {
  expect(problemsOfStudy(draft({ price: '0' }), token, 10_000n, nowS).price).toBe('Give a price above zero.')
  expect(problemsOfStudy(draft({ deposit: '0' }), token, 10_000n, nowS).deposit).toBe('Give an amount above zero.')
  expect(problemsOfStudy(draft(), token, 9_999n, nowS).deposit).toBe('That is more than your account holds.')
  expect(problemsOfStudy(draft({ deposit: '4' }), token, 10_000n, nowS).deposit).toBe('That does not pay for one access.')
})

test('error: a deadline in the past and a study without data are named', () => {
  expect(problemsOfStudy(draft({ deadline: '2026-11-19', categories: [] }), token, 10_000n, nowS)).toEqual({
    categories: 'Choose at least one kind of data.',
    deadline: 'That day has passed. Choose one in the future.',
  })
})

test('error: a study that the pool would not take is refused in the form', () => {
  expect(problemsOfStudy(draft({ deadline: '2032-01-01' }), token, 10_000n, nowS).deadline).toBe('A study may run for five years at most.')
  const fine = { ...token, decimals: 18 }
  expect(problemsOfStudy(draft({ deposit: '9'.repeat(18) }), fine, undefined, nowS).deposit).toBe('That is more than the pool can hold.')
})
