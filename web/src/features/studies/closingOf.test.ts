import { felt, organisationId, type StudyView, studyIdSchema } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { closingOf } from './closingOf.ts'

const study: StudyView = {
  study: studyIdSchema.parse(1),
  organisation: organisationId(1),
  funder: felt(2),
  purposeIndex: 36,
  token: felt(3),
  price: '101',
  hospitalBps: 2_000,
  poolBps: 500,
  capPerPatient: 1,
  minCohort: 1,
  bond: '40',
  deadlineS: 1_000,
  answerWithinS: 60,
  state: 'open',
  available: '300',
  openRequests: 0,
  settled: 3,
  cohort: 3,
  openDisputes: 0,
  upheld: 0,
  closesAtS: 2_000,
  details: null,
}

test('without an upheld dispute the funder gets the rest, the bond, and half of the pool’s share rounded down', () => {
  expect(closingOf(study, 2_000)).toEqual({ obstacle: undefined, rest: 300n, bond: 40n, compensation: 0n, rebate: 7n, toFunder: 347n })
})

test('with upheld disputes the bond is the patients’, alike, and there is no rebate', () => {
  expect(closingOf({ ...study, upheld: 3 }, 2_000)).toMatchObject({ bond: 0n, compensation: 13n, rebate: 0n, toFunder: 300n })
})

test('error: too early, open requests and open disputes each stand in the way', () => {
  expect(closingOf(study, 1_999).obstacle).toBe('too-early')
  expect(closingOf({ ...study, openRequests: 1 }, 2_000).obstacle).toBe('requests-open')
  expect(closingOf({ ...study, openDisputes: 1 }, 2_000).obstacle).toBe('disputes-open')
})
