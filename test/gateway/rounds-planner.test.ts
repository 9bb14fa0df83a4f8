import type { RoundDetail, StatisticsQuestion } from '@medsync/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PersonValue } from '../../services/gateway/src/rounds/roundsOptions.ts'
import { BY, HOSPITALS, RANGE, type RoundsGateway, type RoundsStage, raiseRounds, systolic } from './rounds-stage.ts'

const SLUGS = HOSPITALS.slice(0, 4)
let stage: RoundsStage
let gateway: RoundsGateway
beforeEach(async () => {
  stage = await raiseRounds(SLUGS)
  // 30 in their forties and 8 in their fifties at each hospital; of the fifties together 32, of men among them 4.
  for (const slug of SLUGS) {
    const forties = Array.from({ length: 30 }, (): PersonValue => ({ value: 110, ageDecade: 4, gender: 0, enteredS: 0 }))
    const fifties = Array.from({ length: 8 }, (_, n): PersonValue => ({ value: 150, ageDecade: 5, gender: n === 0 ? 1 : 0, enteredS: 0 }))
    stage.people.set(slug, [...forties, ...fifties])
  }
  gateway = await stage.gateway(SLUGS)
})
afterEach(async () => {
  await stage?.stop()
})

const mean = (cohort: StatisticsQuestion['cohort']): StatisticsQuestion => ({ ...systolic({ kind: 'mean', range: RANGE }), cohort })

async function ask(question: StatisticsQuestion, slug = 'mercy'): Promise<RoundDetail> {
  const id = await gateway.rounds.openStatistics(gateway.seat(slug), question, BY)
  const details = await Promise.all(SLUGS.map((each) => gateway.ended(each, id)))
  for (const each of details) expect(each).toEqual(details[0])
  return details[0]!
}

describe('what earlier answers forbid', () => {
  test('a cohort of fewer than 20 is withheld, and its withholding tells nothing that would forbid more', async () => {
    expect((await ask(mean({ ageDecade: [5], gender: [1] }))).result).toEqual({ kind: 'withheld', why: 'small-cohort' })
    expect((await ask(mean({ ageDecade: [5] }))).result).toEqual({ kind: 'mean', cohort: 32, value: 150 })
  })

  test('a question whose difference from an earlier one is a small group is withheld, whoever asks', async () => {
    expect((await ask(mean({}))).result).toEqual({ kind: 'mean', cohort: 152, value: expect.closeTo((120 * 110 + 32 * 150) / 152, 9) })
    expect((await ask(mean({ gender: [0] }), 'stclare')).result).toEqual({ kind: 'withheld', why: 'small-group' })
    expect((await ask(mean({ ageDecade: [4] }), 'lakeside')).result).toMatchObject({ cohort: 120, value: 110 })
  })

  test('the memory is the circle’s: a gateway that starts anew refuses alike', async () => {
    await ask(mean({}))
    await gateway.stop()
    gateway = await stage.gateway(SLUGS)
    expect((await ask(mean({ gender: [0] }))).result).toEqual({ kind: 'withheld', why: 'small-group' })
  })

  test('error: another range, and other bins, of the same field are refused before any round', async () => {
    await ask(mean({}))
    await expect(ask(systolic({ kind: 'mean', range: { ...RANGE, max: 140 } }))).rejects.toMatchObject({ code: 'rounds/other-range' })
    expect((await ask(systolic({ kind: 'histogram', edges: [100, 130, 160] }))).result).toEqual({
      kind: 'histogram',
      cohort: 152,
      cells: [120, 32],
    })
    await expect(ask(systolic({ kind: 'histogram', edges: [100, 131, 160] }))).rejects.toMatchObject({ code: 'rounds/other-range' })
    expect((await gateway.rounds.list(gateway.seat('mercy'), { limit: 10 })).items).toHaveLength(2)
  })

  test('a cross-table withholds its small cells and one more', async () => {
    const question = systolic({ kind: 'crossTable', rows: 'ageDecade', columns: 'gender' })
    const { result } = await ask(question)
    if (result?.kind !== 'crossTable') throw new TypeError('a table was asked for')
    expect(result.cells.slice(16, 24)).toEqual([120, 0, 0, 0, null, null, 0, 0])
  })

  test('error: a question that cannot be asked, and one while another is open', async () => {
    await expect(ask(systolic({ kind: 'mean', range: { ...RANGE, min: 400 } }))).rejects.toMatchObject({ code: 'sharing/bad-question' })
    await expect(ask({ ...systolic({ kind: 'mean', range: RANGE }), field: { kind: 'people' } })).rejects.toMatchObject({
      code: 'sharing/bad-question',
    })
    await gateway.stop()
    gateway = await stage.gateway(['mercy'])
    await gateway.rounds.openStatistics(gateway.seat('mercy'), mean({}), BY)
    await expect(gateway.rounds.openStatistics(gateway.seat('mercy'), mean({}), BY)).rejects.toMatchObject({ code: 'rounds/busy' })
  })

  test('without one of the hospitals the same question is refused: the difference would be its input', async () => {
    await ask(mean({}))
    await gateway.circle.call(gateway.seat('mercy'), 'remove_member', {
      executor: await gateway.circle.executorOf(gateway.seat('northgate')),
    })
    gateway.circle.forgetMembers()
    await expect(gateway.rounds.openStatistics(gateway.seat('mercy'), mean({}), BY)).rejects.toMatchObject({
      code: 'rounds/other-hospitals',
    })
  })

  test('a round that goes on without one of those who answered before ends before anybody answers', async () => {
    await ask(mean({}))
    await gateway.stop()
    gateway = await stage.gateway(['mercy', 'lakeside', 'stclare'], { stepS: 1 })
    const id = await gateway.rounds.openStatistics(gateway.seat('mercy'), mean({ ageDecade: [4] }), BY)
    const detail = await gateway.ended('lakeside', id)
    expect(detail).toMatchObject({ state: 'aborted', reason: { code: 'rounds/other-hospitals' } })
    expect(detail.steps.map(({ name }) => name)).not.toContain('counts')
  })

  test('values that were sent count as told, though the opener never closed the round', async () => {
    await gateway.stop()
    const others = await stage.gateway(['lakeside', 'stclare', 'northgate'])
    gateway = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? undefined : args))
    const id = await gateway.rounds.openStatistics(gateway.seat('mercy'), mean({}), BY)
    const last = async () => (await others.rounds.get(others.seat('stclare'), id)).steps.at(-1)
    await vi.waitFor(async () => expect(await last()).toMatchObject({ name: 'values', contributed: { length: 4 } }), 10_000)
    await others.rounds.abort(others.seat('lakeside'), id, '')
    await gateway.stop()
    await others.stop()
    gateway = await stage.gateway(SLUGS)
    expect((await ask(mean({ gender: [0] }))).result).toEqual({ kind: 'withheld', why: 'small-group' })
  })

  test('a round that is given up names who did it, and why', async () => {
    await gateway.stop()
    gateway = await stage.gateway(['mercy', 'lakeside'])
    const id = await gateway.rounds.openRanking(gateway.seat('mercy'), BY, 50)
    await gateway.rounds.abort(gateway.seat('lakeside'), id, 'asked by mistake')
    const detail = await gateway.ended('mercy', id)
    expect(detail.reason).toMatchObject({ code: 'rounds/given-up', note: 'asked by mistake' })
    expect(detail.reason?.by).toEqual(gateway.seat('lakeside').organisation)
    await expect(gateway.rounds.abort(gateway.seat('mercy'), `${'0'.repeat(64)}.x`, '')).rejects.toMatchObject({ code: 'rounds/unknown' })
  })
})
