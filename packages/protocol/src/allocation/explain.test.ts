import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate } from './allocate.ts'
import { distanceM } from './distance.ts'
import { explain, explanationLines } from './explain.ts'
import { market, markets, waiting } from './testing.ts'

const lines = (rank: number, more: Parameters<typeof market>[0]) => {
  const one = market(more)
  return explanationLines(explain(one, allocate(one), `c-${rank}`))
}

describe('explain', () => {
  test('says why this place, and why none that is nearer', () => {
    expect(lines(4, { cases: [waiting(1), waiting(2), waiting(3), waiting(4)] })).toMatchInlineSnapshot(`
      [
        "Rank 4 has dr-c at far, 294.7 km away.",
        "dr-a at mercy, 0.0 km away: full, the last place went to rank 1.",
        "dr-b at lakeside, 11.1 km away: full, the last place went to rank 3.",
      ]
    `)
  })

  test('says why there is none', () => {
    expect(lines(2, { cases: [waiting(1), waiting(2, { maxKm: 12, declined: ['dr-b'] })] })).toMatchInlineSnapshot(`
      [
        "Rank 2 has no place.",
        "dr-a at mercy, 0.0 km away: full, the last place went to rank 1.",
        "dr-b at lakeside, 11.1 km away: declined for this case.",
        "dr-c at far, 294.7 km away: farther than the patient agreed to.",
      ]
    `)
    expect(lines(2, { cases: [waiting(1), waiting(2, { mayBeMoved: false })] })).toMatchInlineSnapshot(`
      [
        "Rank 2 has no place.",
        "dr-a at mercy, 0.0 km away: full, the last place went to rank 1.",
        "dr-b at lakeside, 11.1 km away: the patient did not agree to be moved.",
        "dr-c at far, 294.7 km away: the patient did not agree to be moved.",
      ]
    `)
    expect(lines(1, { cases: [waiting(1, { specialty: 'surgery' })] })).toMatchInlineSnapshot(`
      [
        "Rank 1 has no place: nobody offers this specialty.",
      ]
    `)
  })

  test('every place that is passed over is one that the case could not have had', () => {
    fc.assert(
      fc.property(markets(8), (random) => {
        const allocation = allocate(random)
        for (const { pseudonym, rank } of random.cases) {
          const { passedOver, given } = explain(random, allocation, pseudonym)
          expect(given?.place).toEqual(allocation.allocated.find((each) => each.pseudonym === pseudonym)?.place)
          for (const passed of passedOver) if (passed.reason === 'full') expect(passed.lastRank ?? 0).toBeLessThan(rank)
        }
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  test('error: a case that is not there', () => {
    expect(() => explain(market(), allocate(market()), 'x')).toThrow(expect.objectContaining({ code: 'allocation/unknown-case' }))
  })
})

describe('distanceM', () => {
  test.each([
    ['Boston to New York', 42.3601, -71.0589, 40.7128, -74.006, 306_108],
    ['a place to itself', 42, -71, 42, -71, 0],
    ['one degree of the equator', 0, 0, 0, 1, 111_195],
    ['across the date line', 0, 179.5, 0, -179.5, 111_195],
    ['half of the way around', 0, 0, 0, 180, 20_015_115],
  ])('%s', (_, latitude, longitude, otherLatitude, otherLongitude, metres) => {
    const from = { id: 'a', latitude, longitude }
    const to = { id: 'b', latitude: otherLatitude, longitude: otherLongitude }
    expect(Math.abs(distanceM(from, to) - metres)).toBeLessThan(100)
    expect(distanceM(to, from)).toBe(distanceM(from, to))
  })
})
