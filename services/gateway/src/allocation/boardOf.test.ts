import { account, boardCaseSchema, caseIdSchema, recordIdSchema, slugToOrganisationId } from '@medsync/protocol'
import { expect, test } from 'vitest'
import { boardOf } from './boardOf.ts'
import { placeIdOf } from './contribution.ts'
import { mergeMarket } from './mergeMarket.ts'

const MERCY = slugToOrganisationId('mercy')
const LAKESIDE = slugToOrganisationId('lakeside')
const NOW_S = 1_800_000_000
const CASE = caseIdSchema.parse('11111111-1111-4111-8111-111111111111')
const specialist = placeIdOf(LAKESIDE, '00000000000b')
const held = { specialist, fromS: NOW_S + 3_600, toS: NOW_S + 7_200, rank: 2, by: account(7) }

/** A board of one case with an accepted place at a specialist who stands in no round. */
const boardWith = (isRoundKnown: boolean) =>
  boardOf({
    organisation: MERCY,
    standing: isRoundKnown
      ? { round: 'r-2', nowS: NOW_S, counted: [MERCY], merged: mergeMarket(new Map(), NOW_S), published: [] }
      : undefined,
    doubt: undefined,
    isRunning: false,
    offered: { facilities: [], specialists: [], refusals: [] },
    known: new Map([[CASE, { moving: { facility: null, mayBeMoved: true, maxKm: null }, declined: [], held }]]),
    cases: [
      {
        caseId: CASE,
        record: recordIdSchema.parse('22222222-2222-4222-8222-222222222222'),
        specialty: 'cardiology',
        status: 'allocated',
        rank: { round: 'r-1', rank: 2, total: 9 },
      },
    ],
    pseudonymOf: () => '0'.repeat(16),
  })

test.each([
  ['before the first round after a start', false],
  ['while the hospital that has it is away, or after the specialist has left', true],
])('an accepted place stays on the board %s, without a name', (_, isRoundKnown) => {
  const [one] = boardWith(isRoundKnown).cases
  expect(one).toMatchObject({
    state: 'accepted',
    rank: 2,
    place: { specialist, facility: null, organisation: LAKESIDE, fromS: held.fromS },
  })
  expect(boardCaseSchema.omit({ patient: true }).safeParse(one).error).toBeUndefined()
})
