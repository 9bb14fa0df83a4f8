import { type BoardCase, boardCaseSchema } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { placeGroupsOf } from './placeGroupsOf.ts'

const cases = (['no-place', 'offered', 'accepted', 'pending', 'offered'] as const).map(
  (state, n): BoardCase =>
    boardCaseSchema.parse({
      case: crypto.randomUUID(),
      record: crypto.randomUUID(),
      patient: null,
      pseudonym: '0123456789abcdef',
      rank: n + 1,
      specialty: 'cardiology',
      moving: { facility: null, mayBeMoved: false, maxKm: null },
      state,
      place: null,
      reasons: [],
    }),
)

test('offers that wait for an answer come first, each group in the order of urgency', () => {
  expect(placeGroupsOf(cases).map(({ title, cases: group }) => [title, group.map(({ rank }) => rank)])).toEqual([
    ['2 offers wait for your answer', [2, 5]],
    ['2 cases without a place', [1, 4]],
    ['1 place accepted', [3]],
  ])
})

test('a group that nobody is in has no title', () => {
  expect(placeGroupsOf([])).toEqual([])
  expect(placeGroupsOf(cases.slice(0, 1)).map(({ title }) => title)).toEqual(['1 case without a place'])
})
