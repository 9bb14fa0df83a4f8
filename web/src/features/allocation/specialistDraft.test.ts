import { expect, test } from 'vitest'
import { draftOf, newSpecialistDraft, nextHours, problemOfSpecialist, type SpecialistDraft, specialistBodyOf } from './specialistDraft.ts'

const nowMs = Date.UTC(2026, 10, 21, 12, 20)
const facility = '0123456789ab'
const draft: SpecialistDraft = { ...newSpecialistDraft(facility, nowMs), name: 'Dr Ada' }

test('a form that is filled in becomes what the gateway takes, and back again', () => {
  expect(problemOfSpecialist(draft)).toBeUndefined()
  const body = specialistBodyOf(draft)
  const fromS = Date.UTC(2026, 10, 21, 13) / 1000
  expect(body).toEqual({ name: 'Dr Ada', facility, specialty: 'emergency', hours: [{ fromS, toS: fromS + 4 * 3_600, capacity: 2 }] })
  expect(specialistBodyOf(draftOf({ ...body, specialist: 'ba9876543210' }))).toEqual(body)
})

test('another time begins where the last one ends', () => {
  const more = [...draft.hours, nextHours(draft.hours, nowMs)]
  expect(problemOfSpecialist({ ...draft, hours: more })).toBeUndefined()
  expect(more[1]?.from).toBe(more[0]?.to)
  expect(new Set(more.map(({ id }) => id)).size).toBe(2)
})

test('error: no name, times that end before they begin or overlap, and room for nobody', () => {
  const [row] = draft.hours
  if (row === undefined) throw new TypeError('the form starts with a row')
  expect(problemOfSpecialist({ ...draft, name: ' ' })).toMatch('Give a name')
  expect(problemOfSpecialist({ ...draft, facility: '' })).toBe('Choose a facility.')
  expect(problemOfSpecialist({ ...draft, hours: [{ ...row, to: row.from }] })).toBe('A time must end after it begins.')
  expect(problemOfSpecialist({ ...draft, hours: [{ ...row, from: '' }] })).toBe('Say from when to when.')
  expect(problemOfSpecialist({ ...draft, hours: [row, { ...row, id: 9 }] })).toBe('Two of the times overlap.')
  expect(problemOfSpecialist({ ...draft, hours: [{ ...row, capacity: '' }] })).toMatch('whole number')
})
