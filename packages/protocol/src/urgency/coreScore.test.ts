import { describe, expect, test } from 'vitest'
import { coreOf, MAX_CORE, PRECAUTION } from './coreScore.ts'
import { modifierRaise } from './modifiers.ts'
import { scoreUrgency } from './scoreUrgency.ts'
import { NOTE_BAND } from './signs.ts'
import { EPISODE_S, flow, HOUR_S, measured, NOW_S, rate, saturation, temperature, wellSet } from './testing.ts'

const score = (observations: unknown[], more: object = {}) => scoreUrgency({ observations, episodeFromS: EPISODE_S, nowS: NOW_S, ...more })
/** A red score needs 3 points in one parameter. */
const reachable = Array.from({ length: 21 }, (_, total) => total).flatMap((total) =>
  [false, true].filter((hasRed) => !hasRed || total >= 3).map((hasRed) => ({ total, hasRed, core: coreOf(total, hasRed) })),
)

describe('coreOf', () => {
  test('is the table that the docs state', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map((total) => coreOf(total, false))).toEqual([0, 6, 12, 18, 24, 40, 46, 55, 57, MAX_CORE])
    expect([3, 4, 5, 6, 7].map((total) => coreOf(total, true))).toEqual([30, 32, 40, 46, 55])
  })

  test('rises strictly with the total, and a red score never lowers it', () => {
    for (const one of reachable)
      for (const other of reachable) {
        if (one.total < other.total && Number(one.hasRed) <= Number(other.hasRed)) expect(one.core).toBeLessThan(other.core)
        if (one.total === other.total && !one.hasRed) expect(one.core).toBeLessThanOrEqual(other.core)
      }
  })

  test('leaves room for every modifier and note up to exactly 100', () => {
    const lactate = measured('l', '2524-7', 5, 'mmol/L')
    const worst = [rate(40), saturation(50), flow(15), ...wellSet().slice(3)].map((one) => one)
    worst.push(measured('bp2', '8480-6', 60, 'mm[Hg]', 60), measured('hr2', '8867-4', 160, '/min', 60), temperature(34, 60, 't2'), lactate)
    const unresponsive = { ...wellSet()[5], id: 'u', effectiveDateTime: new Date((NOW_S - 60) * 1_000).toISOString() }
    const answer = { coding: [{ system: 'http://loinc.org', code: 'LA9343-0' }] }
    const got = score([...worst, { ...unresponsive, valueCodeableConcept: answer }], { notes: [{ id: 'n', text: 'Mottled.' }] })
    expect(got).toMatchObject({ news2: { total: 20 }, core: MAX_CORE, score: 100 })
    expect(MAX_CORE + modifierRaise(got.evidence.modifiers) + NOTE_BAND).toBe(100)
  })
})

describe('the modifiers', () => {
  const withLactate = (value: number) => score([...wellSet(), measured('l', '32693-4', value, 'mmol/L')])

  test('a lactate above 2 is one level of risk, and cites the observation', () => {
    expect(withLactate(2).score).toBe(0)
    expect(withLactate(2.1)).toMatchObject({ score: 15, evidence: { modifiers: [{ rule: 'lactate-above-2', raise: 15, sources: ['l'] }] } })
  })

  test('neutropenia counts with a fever only, and both modifiers together raise once', () => {
    const neutropenia = measured('n', '751-8', 0.4, '10*9/L')
    expect(score([...wellSet(), neutropenia]).score).toBe(0)
    const fever = [...wellSet().slice(0, 6), temperature(38.5), neutropenia]
    expect(score(fever)).toMatchObject({ core: 6, score: 21 })
    expect(score([...fever, measured('l', '2524-7', 9, 'mmol/L')])).toMatchObject({ core: 6, score: 21 })
  })

  test('no modifier reorders two cases that both have it', () => {
    const raised = reachable.map(({ core }) => core + (core < 55 ? 15 : 9))
    const order = [...reachable.keys()].sort((one, other) => (reachable[one]?.core ?? 0) - (reachable[other]?.core ?? 0))
    for (const [place, index] of order.entries())
      if (place > 0) expect(raised[index]).toBeGreaterThanOrEqual(raised[order[place - 1] ?? 0] ?? 0)
  })
})

describe('what is not known', () => {
  test('nothing measured stands above every complete low-risk case and below every known red score', () => {
    expect(score([])).toMatchObject({ score: PRECAUTION, worst: MAX_CORE, missing: expect.objectContaining({ length: 7 }) })
    expect(coreOf(4, false)).toBeLessThan(PRECAUTION)
    expect(PRECAUTION + 4).toBeLessThan(coreOf(3, true))
  })

  test('among cases with something unknown, the known points keep their order', () => {
    expect([rate(16), rate(10), rate(22)].map((one) => score([one]).score)).toEqual([PRECAUTION, PRECAUTION + 1, PRECAUTION + 2])
  })

  test('what can be no worse than it is known stands there: only oxygen missing', () => {
    const [, , oxygen, ...rest] = [...wellSet()]
    expect(oxygen).toMatchObject({ id: 'o2' })
    expect(score([rate(16), saturation(98), ...rest])).toMatchObject({
      missing: ['oxygen'],
      score: coreOf(2, false),
      worst: coreOf(2, false),
    })
  })

  test('the time that passes never lowers a score, and makes it outdated', () => {
    const ages = [0, 6, 10.9, 11.1, 13, 24, 48, 70].map((hours) => score(wellSet(), { nowS: NOW_S + hours * HOUR_S }))
    expect(ages.map(({ score: at }) => at)).toEqual([0, 0, 0, PRECAUTION, PRECAUTION, PRECAUTION, PRECAUTION, PRECAUTION])
    expect(ages.at(-1)?.outdated).toHaveLength(7)
  })

  test('on scale 2 the saturation counts on air until oxygen is known, and the worst case says what it may be', () => {
    const [, , , ...rest] = wellSet()
    const got = score([rate(16), saturation(97), ...rest], { oxygenScale: 2 })
    expect(got).toMatchObject({ news2: { total: 0 }, score: PRECAUTION, worst: coreOf(5, true) })
  })
})
