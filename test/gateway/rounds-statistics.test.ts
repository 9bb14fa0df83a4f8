import { slugToOrganisationId } from '@medsync/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { BY, HOSPITALS, peopleOf, RANGE, type RoundsStage, raiseRounds, systolic } from './rounds-stage.ts'

let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

describe('a statistics round', () => {
  test.each([3, 5])('of %i hospitals gives the mean of all their numbers together, to all of them', async (size) => {
    const slugs = HOSPITALS.slice(0, size)
    stage = await raiseRounds(slugs)
    const all = slugs.map((_, at) => Array.from({ length: 12 + at }, (_, n) => 100 + at * 10 + n / 2))
    for (const [at, slug] of slugs.entries()) stage.people.set(slug, peopleOf(all[at]!))
    const gateway = await stage.gateway(slugs)
    const id = await gateway.rounds.openStatistics(gateway.seat('mercy'), systolic({ kind: 'mean', range: RANGE }), BY)
    const mean = all.flat().reduce((a, b) => a + b, 0) / all.flat().length
    for (const slug of slugs) {
      const detail = await gateway.ended(slug, id)
      expect(detail).toMatchObject({
        state: 'closed',
        isConfirmed: true,
        tampered: [],
        reason: null,
        openedBy: slugToOrganisationId('mercy'),
      })
      expect(detail.result).toEqual({ kind: 'mean', cohort: all.flat().length, value: expect.closeTo(mean, 9) })
      expect(detail.steps.map(({ name }) => name)).toEqual(['join', 'deal', 'bind', 'toss', 'prove', 'check', 'counts', 'values'])
    }
  })
})
