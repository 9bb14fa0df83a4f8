import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../services/gateway/src/clock.ts'
import type { Circle } from '../../services/gateway/src/context/circle.ts'
import { writeEnvelope } from '../../services/gateway/src/rounds/envelope.ts'
import { RoundBoard } from '../../services/gateway/src/rounds/roundBoard.ts'
import { BY, casesOf, HOSPITALS, peopleOf, RANGE, type RoundsStage, raiseRounds, systolic } from './rounds-stage.ts'

// What a hostile member of the circle tries with rounds that no gateway of ours would open, or with an opener's own code.
const MEAN = systolic({ kind: 'mean', range: RANGE })
const COUNTS_STEP = 6
const VALUES_STEP = 7
let stage: RoundsStage
afterEach(() => stage?.stop())

/** Opens a round around our gateways. */
async function openBare(
  circle: Circle,
  round: { kind: string; parties: readonly string[]; threshold: number; parameters: string; deadline_s?: number },
) {
  const opening = { id: crypto.randomUUID().slice(0, 18), deadline_s: systemClock.nowS() + 600, ...round }
  return await circle.call(circle.seats[0]!, 'open_round', opening)
}

test('error: an opener that goes on after a cohort was withheld is told no values', async () => {
  const slugs = HOSPITALS.slice(0, 3)
  stage = await raiseRounds(slugs)
  stage.people.set('lakeside', peopleOf([123.4]))
  const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? undefined : args))
  await stage.gateway(['lakeside', 'stclare'])
  const seat = mercy.seat('mercy')
  const id = await mercy.rounds.openStatistics(seat, MEAN, BY)
  const me = await mercy.circle.executorOf(seat)
  const board = new RoundBoard({ circle: mercy.circle, seat, me, round: id })
  await expect.poll(async () => (await board.read(COUNTS_STEP, 1)).size, { timeout: 20_000 }).toBe(3)
  const posted = await board.read(COUNTS_STEP, 1)
  const counted = [...posted]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([party, { digest }]): [string, string] => [party, digest])
  const bytes = writeEnvelope({ v: 1, sealed: {}, closing: { counted }, transcript: '0'.repeat(64), body: {} })
  const messages = [{ to: null, sealed: Buffer.from(bytes).toString('base64') }]
  await mercy.circle.call(seat, 'contribute', { round: id, step: VALUES_STEP, messages })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect([...(await board.read(VALUES_STEP, 1)).keys()]).toEqual([me])
})

test('error: rounds that are none keep nobody from theirs, whatever stands in them', async () => {
  const slugs = HOSPITALS.slice(0, 4)
  stage = await raiseRounds(slugs)
  for (const slug of slugs) {
    stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    stage.cases.set(slug, casesOf(slug, [10, 20]))
  }
  const ours = await stage.gateway(slugs.slice(0, 3))
  const evil = stage.circleOf(['northgate'])
  const seat = evil.seats[0]!
  const me = await evil.executorOf(seat)
  const nested = '['.repeat(20_000) + ']'.repeat(20_000)
  const told = '0'.repeat(64)
  const narrow = systolic({ kind: 'mean', range: { min: 0, max: 1, decimals: 0 } })
  const deep = `{"v":1,"stepS":60,"told":"${told}","question":{"field":{"kind":"study","study":"s","criteria":${nested}},"measure":{"kind":"count"},"cohort":{}}}`
  for (const parameters of [
    JSON.stringify({ v: 1, stepS: 60, question: narrow, told }),
    JSON.stringify({ v: 1, stepS: 60, question: { ...MEAN, cohort: { gender: [11] } }, told }),
    deep,
  ]) {
    const round = await openBare(evil, { kind: 'statistics', parties: [me], threshold: 1, parameters })
    await evil.call(seat, 'contribute', { round, step: VALUES_STEP, messages: [] })
    await evil.call(seat, 'close_round', {
      id: round,
      result: JSON.stringify({ result: { kind: 'mean', cohort: 5_000, value: 0.5 }, tampered: [] }),
    })
  }
  for (const kind of ['statistics', 'ranking'])
    await openBare(evil, { kind, parties: [me], threshold: 1, parameters: 'null', deadline_s: 9_000_000_000 })
  await stage.gateway(['northgate'])
  const statistics = await ours.rounds.openStatistics(ours.seat('mercy'), MEAN, BY)
  expect(await ours.ended('mercy', statistics)).toMatchObject({ state: 'closed', result: { kind: 'mean', cohort: 60, value: 120 } })
  const ranking = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
  expect(await ours.ended('mercy', ranking)).toMatchObject({ state: 'closed', result: { kind: 'ranking', total: 8 } })
})

test('error: rounds of some hospitals only, or with a threshold of the opener’s liking, are given up', async () => {
  const slugs = HOSPITALS
  stage = await raiseRounds(slugs)
  const ours = await stage.gateway(slugs, { stepS: 2 })
  const parties = await Promise.all(slugs.map((slug) => ours.circle.executorOf(ours.seat(slug))))
  const parameters = JSON.stringify({ v: 1, stepS: 2, slots: 50 })
  for (const round of [
    { parties: parties.slice(0, 4), threshold: 2 },
    { parties, threshold: 3 },
  ]) {
    const id = await openBare(ours.circle, { kind: 'ranking', parameters, ...round })
    expect(await ours.ended('mercy', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/unfit' } })
  }
})
