import { newCaseBodySchema } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { emptyCaseDraft, newCaseOf, problemsOfCase } from './newCaseDraft.ts'
import { localMinute } from './vitalsDraft.ts'

const nowMs = Date.UTC(2026, 10, 21, 12)
const record = '5f1b6a3e-4f0e-4c57-9a49-2d4c9d3f7b10'
const draft = { ...emptyCaseDraft(nowMs), record }

test('a case that is filled in becomes what the gateway takes, and no more', () => {
  expect(problemsOfCase(draft, nowMs)).toEqual({})
  const body = newCaseOf(draft)
  expect(body).toEqual({ record, specialty: 'emergency', arrivedAtS: nowMs / 1000 })
  expect(newCaseBodySchema.safeParse(body).error).toBeUndefined()
  expect(newCaseOf({ ...draft, needsScale2: true, isPregnant: true, episodeFrom: localMinute(nowMs - 3_600_000) })).toMatchObject({
    oxygenScale: 2,
    isPregnant: true,
    episodeFromS: nowMs / 1000 - 3_600,
  })
})

test('error: nobody chosen, an arrival to come or too long ago, and an episode that ends before it began', () => {
  expect(problemsOfCase({ ...draft, record: '' }, nowMs)).toEqual({ record: 'Choose whose case it is.' })
  expect(problemsOfCase({ ...draft, arrivedAt: localMinute(nowMs + 3_600_000) }, nowMs).arrivedAt).toBe('That is in the future.')
  expect(problemsOfCase({ ...draft, arrivedAt: localMinute(nowMs - 31 * 86_400_000) }, nowMs).arrivedAt).toBe('At most 30 days ago.')
  expect(problemsOfCase({ ...draft, arrivedAt: '' }, nowMs).arrivedAt).toBe('Say when the patient arrived.')
  expect(problemsOfCase({ ...draft, episodeFrom: localMinute(nowMs + 3_600_000) }, nowMs).episodeFrom).toBe('That is no time in the past.')
})
