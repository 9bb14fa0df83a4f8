import { type OrganisationId, slugToOrganisationId } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { type Contribution, contributionSchema, fingerprintOf, packContribution, placeIdOf, unpackContribution } from './contribution.ts'
import { mergeMarket } from './mergeMarket.ts'

const NOW_S = 1_800_000_000
const MERCY = slugToOrganisationId('mercy')
const LAKESIDE = slugToOrganisationId('lakeside')
const FACILITY = '00000000000a'
const DOCTOR = '00000000000b'
const FROM_S = NOW_S + 3_600

const contribution = (more: Partial<Contribution> = {}): Contribution => ({
  v: 1,
  ranking: 'r-1',
  facilities: [{ facility: FACILITY, name: 'Main', latitude: 42, longitude: -71 }],
  specialists: [
    {
      specialist: DOCTOR,
      name: 'Dr Heart',
      facility: FACILITY,
      specialty: 'cardiology',
      hours: [{ fromS: FROM_S, toS: FROM_S + 3_600, capacity: 1 }],
    },
  ],
  cases: [],
  held: [],
  refusals: [],
  taken: [],
  salt: '0'.repeat(32),
  ...more,
})
const ranked = (rank: number, more: Partial<Contribution['cases'][number]> = {}): Contribution['cases'][number] => ({
  pseudonym: String(rank).padStart(16, '0'),
  rank,
  specialty: 'cardiology',
  facility: FACILITY,
  mayBeMoved: true,
  maxKm: null,
  declined: [],
  ...more,
})
const merge = (mercy: Contribution, lakeside?: Contribution) =>
  mergeMarket(new Map([[MERCY, mercy], ...(lakeside === undefined ? [] : [[LAKESIDE, lakeside] as [OrganisationId, Contribution]])]), NOW_S)
const at = (organisation: OrganisationId) => ({ specialist: placeIdOf(organisation, DOCTOR), fromS: FROM_S })

describe('mergeMarket', () => {
  test('hospitals may name their own things alike', () => {
    const { allocation } = merge(contribution({ cases: [ranked(1)] }), contribution({ cases: [ranked(2)] }))
    expect(allocation.allocated.map(({ rank, place }) => [rank, place.specialist])).toEqual([
      [1, at(LAKESIDE).specialist < at(MERCY).specialist ? at(LAKESIDE).specialist : at(MERCY).specialist],
      [2, at(LAKESIDE).specialist < at(MERCY).specialist ? at(MERCY).specialist : at(LAKESIDE).specialist],
    ])
  })

  test('cases of an older ranking wait until their hospital has heard of the newer one', () => {
    const stale = contribution({ ranking: 'r-0', cases: [ranked(1)] })
    const { market } = merge(contribution({ cases: [ranked(1, { pseudonym: 'a'.repeat(16) }), ranked(2)] }), stale)
    expect(market.cases.map(({ rank }) => rank)).toEqual([1, 2])
    expect(market.cases[0]?.pseudonym).toBe('a'.repeat(16))
  })

  test('a place that was accepted stands while the hospital that accepted it is away', () => {
    const held = { pseudonym: 'f'.repeat(16), rank: 9, ...at(MERCY) }
    const remembers = contribution({ cases: [ranked(1)], taken: [{ ...held, organisation: LAKESIDE }] })
    expect(merge(remembers).allocation).toMatchObject({ held: [held], allocated: [] })
    const gaveBack = contribution({ specialists: [] })
    expect(merge(remembers, gaveBack).allocation).toMatchObject({ held: [], allocated: [{ rank: 1 }] })
  })

  test('nobody says what is taken elsewhere', () => {
    const lie = { pseudonym: 'f'.repeat(16), rank: 9, ...at(LAKESIDE), organisation: slugToOrganisationId('stclare') }
    expect(merge(contribution({ taken: [lie] }), contribution({ cases: [ranked(1)] })).allocation.held).toEqual([])
  })

  test('a specialist’s hospital turns a case away, and no other hospital does', () => {
    const refusals = [{ pseudonym: ranked(1).pseudonym, specialist: DOCTOR }]
    const { allocation } = merge(contribution({ cases: [ranked(1)], specialists: [] }), contribution({ refusals }))
    expect(allocation.allocated).toEqual([])
    const elsewhere = merge(contribution({ cases: [ranked(1)] }), contribution({ refusals, specialists: [] }))
    expect(elsewhere.allocation.allocated).toHaveLength(1)
  })

  test('error: two that claim one rank are both named; which one lies, only they know', () => {
    const twice = () => merge(contribution({ cases: [ranked(1)] }), contribution({ cases: [ranked(1, { pseudonym: 'a'.repeat(16) })] }))
    expect(twice).toThrow(
      expect.objectContaining({ code: 'allocation/same-rank', organisations: expect.arrayContaining([MERCY, LAKESIDE]) }),
    )
  })

  test('error: two that claim one pseudonym are named', () => {
    const twice = () =>
      merge(contribution({ cases: [ranked(1)] }), contribution({ cases: [ranked(2, { pseudonym: ranked(1).pseudonym })] }))
    expect(twice).toThrow(expect.objectContaining({ code: 'allocation/twice' }))
  })

  test.each([
    ['one rank twice', { cases: [ranked(1), ranked(1, { pseudonym: 'a'.repeat(16) })] }],
    ['a case nowhere', { cases: [ranked(1, { facility: '0000000000ff' })] }],
    ['a specialist nowhere', { facilities: [] }],
    ['a case that is held, too', { cases: [ranked(1)], held: [{ pseudonym: ranked(1).pseudonym, rank: 1, ...at(MERCY) }] }],
  ])('error: what contradicts itself is its hospital’s doing alone: %s', (_, more) => {
    expect(() => merge(contribution(), contribution(more))).toThrow(
      expect.objectContaining({ code: 'allocation/false-contribution', organisations: [LAKESIDE] }),
    )
  })
})

describe('a contribution', () => {
  test('comes back as it was packed', () => {
    expect(unpackContribution(packContribution(contribution({ cases: [ranked(1)] })))).toEqual(contribution({ cases: [ranked(1)] }))
  })

  test('is the same as before when only its salt, and what others hold, is different', () => {
    const other = contribution({
      salt: '1'.repeat(32),
      taken: [{ pseudonym: 'f'.repeat(16), rank: 1, ...at(MERCY), organisation: LAKESIDE }],
    })
    expect(fingerprintOf(other)).toBe(fingerprintOf(contribution()))
    expect(fingerprintOf(contribution({ cases: [ranked(1)] }))).not.toBe(fingerprintOf(contribution()))
  })

  test('error: has no place for a score', () => {
    expect(contributionSchema.safeParse({ ...contribution(), cases: [{ ...ranked(1), score: 80 }] }).success).toBe(false)
  })

  test('error: bytes of any kind, and what unpacks to more than anybody needs, are none', () => {
    expect(unpackContribution(new Uint8Array([1, 2, 3]))).toBeUndefined()
    expect(unpackContribution(packContribution({ ...contribution(), salt: 'x' }))).toBeUndefined()
    const bomb = contribution({ ranking: ' '.repeat(17 * 1_024 * 1_024) })
    expect(packContribution(bomb).length).toBeLessThan(50_000)
    expect(unpackContribution(packContribution(bomb))).toBeUndefined()
  })
})
