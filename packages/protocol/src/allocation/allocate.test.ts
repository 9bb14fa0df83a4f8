import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate } from './allocate.ts'
import { heldPlaceSchema, specialistSchema, waitingCaseSchema } from './market.ts'
import { allMatchings, blockingPairs, fits, givenBy, HOUR_S, market, markets, NOW_S, specialist, waiting } from './testing.ts'

const given = (more: Parameters<typeof market>[0]) =>
  Object.fromEntries(allocate(market(more)).allocated.map(({ pseudonym, place }) => [pseudonym, place.specialist]))

describe('allocate', () => {
  test('rank decides, then the nearest', () => {
    expect(given({ cases: [waiting(3), waiting(1), waiting(2)] })).toEqual({ 'c-1': 'dr-a', 'c-2': 'dr-b', 'c-3': 'dr-b' })
  })

  test('at the same distance the earliest, then the lowest id', () => {
    const specialists = [
      specialist('dr-z', 'mercy', [2, 1]),
      specialist('dr-y', 'mercy', [1, 1], [3, 1]),
      specialist('dr-x', 'mercy', [3, 1]),
    ]
    const { allocated } = allocate(market({ specialists, cases: [1, 2, 3, 4].map((rank) => waiting(rank)) }))
    expect(allocated.map(({ place }) => [place.specialist, (place.fromS - NOW_S) / HOUR_S])).toEqual([
      ['dr-y', 1],
      ['dr-z', 2],
      ['dr-x', 3],
      ['dr-y', 3],
    ])
  })

  test('who may not be moved stays, who may not go far goes near', () => {
    expect(given({ cases: [waiting(1), waiting(2, { mayBeMoved: false })] })).toEqual({ 'c-1': 'dr-a' })
    expect(given({ cases: [waiting(1), waiting(2, { maxKm: 11 })] })).toEqual({ 'c-1': 'dr-a' })
    expect(given({ cases: [waiting(1), waiting(2, { maxKm: 12 })] })).toEqual({ 'c-1': 'dr-a', 'c-2': 'dr-b' })
    expect(given({ cases: [waiting(1, { maxKm: 0 })] })).toEqual({ 'c-1': 'dr-a' })
  })

  test('another specialty, hours that have begun, and a specialist without hours are no places', () => {
    expect(given({ cases: [waiting(1, { specialty: 'surgery' })] })).toEqual({})
    expect(given({ cases: [waiting(1)], specialists: [specialist('dr-a', 'mercy', [0, 1]), specialist('dr-b', 'mercy')] })).toEqual({})
  })

  test('a declined offer goes to the next, and the case to the next place', () => {
    expect(given({ cases: [waiting(1, { declined: ['dr-a'] }), waiting(2)] })).toEqual({ 'c-1': 'dr-b', 'c-2': 'dr-a' })
    expect(given({ cases: [waiting(1, { declined: ['dr-a', 'dr-b', 'dr-c'] }), waiting(2)] })).toEqual({ 'c-2': 'dr-a' })
  })

  test('an accepted offer stays, whoever comes after; one that is no longer offered is lost', () => {
    const held = [
      { pseudonym: 'h', rank: 9, specialist: 'dr-a', fromS: NOW_S + HOUR_S },
      { pseudonym: 'g', rank: 8, specialist: 'gone', fromS: NOW_S + HOUR_S },
    ]
    const { allocated, lost, held: kept } = allocate(market({ cases: [waiting(1)], held }))
    expect(allocated[0]?.place.specialist).toBe('dr-b')
    expect([kept.map(({ pseudonym }) => pseudonym), lost.map(({ pseudonym }) => pseudonym)]).toEqual([['h'], ['g']])
  })

  test('of two that hold the last place the more urgent keeps it', () => {
    const both = [5, 4].map((rank) => ({ pseudonym: `h-${rank}`, rank, specialist: 'dr-a', fromS: NOW_S + HOUR_S }))
    expect(allocate(market({ held: both })).lost).toEqual([both[0]])
  })

  test('nobody and nothing is allocated to nobody', () => {
    expect(allocate(market({ facilities: [], specialists: [] }))).toEqual({ allocated: [], waiting: [], held: [], lost: [] })
  })

  test('no type or result has a score', () => {
    expect(JSON.stringify([waitingCaseSchema.shape, heldPlaceSchema.shape, specialistSchema.shape])).not.toMatch(/score/i)
    expect(JSON.stringify(allocate(market({ cases: [waiting(1)] })))).not.toMatch(/score/i)
    expect(waitingCaseSchema.safeParse({ ...waiting(1), score: 80 }).success).toBe(false)
  })

  test.each([
    ['allocation/same-rank', { cases: [waiting(1), waiting(1, { pseudonym: 'x' })] }],
    ['allocation/twice', { cases: [waiting(1), waiting(2, { pseudonym: 'c-1' })] }],
    ['allocation/twice', { specialists: [specialist('dr-a', 'mercy'), specialist('dr-a', 'far')] }],
    ['allocation/unknown-facility', { cases: [waiting(1, { facility: 'nowhere' })] }],
    ['allocation/unknown-facility', { specialists: [specialist('dr-a', 'nowhere')] }],
    ['allocation/hours-overlap', { specialists: [specialist('dr-a', 'mercy', [1, 1], [1, 2])] }],
  ])('error: %s', (code, more) => {
    expect(() => allocate(market(more))).toThrow(expect.objectContaining({ code }))
  })
})

describe('any market', () => {
  test('no case and place would rather have each other, in 5,000 markets', () => {
    fc.assert(
      fc.property(markets(8), (random) => {
        const allocation = allocate(random)
        expect(blockingPairs(random, givenBy(allocation), allocation.held)).toEqual([])
        expect(fits(random, givenBy(allocation), allocation.held)).toBe(true)
      }),
      { seed: 6, numRuns: 5_000 },
    )
  })

  test('there is no other stable allocation: all of 1,000 small markets are tried', () => {
    fc.assert(
      fc.property(markets(3), (random) => {
        const allocation = allocate(random)
        const stable = [...allMatchings(random)].filter(
          (each) => fits(random, each, allocation.held) && blockingPairs(random, each, allocation.held).length === 0,
        )
        expect(stable.map((each) => Object.fromEntries(each))).toEqual([Object.fromEntries(givenBy(allocation))])
      }),
      { seed: 7, numRuns: 1_000 },
    )
  })

  test('is allocated the same in whatever order it is told', () => {
    fc.assert(
      fc.property(markets(8), (random) => {
        const turned = {
          ...random,
          cases: random.cases.toReversed(),
          specialists: random.specialists.toReversed(),
          facilities: random.facilities.toReversed(),
          held: random.held.toReversed(),
        }
        expect(allocate(turned)).toEqual(allocate(random))
      }),
      { seed: 8, numRuns: 500 },
    )
  })

  test('nobody is given something worse because somebody of lower rank is there', () => {
    fc.assert(
      fc.property(markets(8), fc.nat(7), (random, place) => {
        const last = random.cases[place]
        if (last === undefined) return
        const without = givenBy(allocate({ ...random, cases: random.cases.filter((one) => one !== last) }))
        const more = random.cases.filter(({ rank }) => rank < last.rank)
        const withLast = givenBy(allocate(random))
        for (const { pseudonym } of more) expect(withLast.get(pseudonym)).toEqual(without.get(pseudonym))
      }),
      { seed: 9, numRuns: 500 },
    )
  })

  test('the check of stability finds what is not stable', () => {
    const two = market({ cases: [waiting(1), waiting(2)] })
    const at = (id: string) => ({ specialist: id, fromS: NOW_S + HOUR_S })
    const swapped = new Map([
      ['c-1', at('dr-b')],
      ['c-2', at('dr-a')],
    ])
    expect(blockingPairs(two, swapped, [])).toEqual([`c-1 and dr-a at ${NOW_S + HOUR_S}`])
    expect(blockingPairs(two, new Map(), [])).toHaveLength(6)
  })
})
