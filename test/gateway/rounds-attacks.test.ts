import { setTimeout as sleep } from 'node:timers/promises'
import { slugToOrganisationId } from '@medsync/protocol'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../services/gateway/src/clock.ts'
import type { Circle } from '../../services/gateway/src/context/circle.ts'
import { hpke } from '../../services/gateway/src/keys/hpke.ts'
import { writeEnvelope } from '../../services/gateway/src/rounds/envelope.ts'
import { RoundBoard } from '../../services/gateway/src/rounds/roundBoard.ts'
import { BY, casesOf, HOSPITALS, handClock, peopleOf, RANGE, type RoundsStage, raiseRounds, systolic } from './rounds-stage.ts'

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
  await sleep(2_000)
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
  const deep = `{"v":1,"stepS":60,"asOfS":1,"told":"${told}","question":{"field":{"kind":"study","study":"s","criteria":${nested}},"measure":{"kind":"count"},"cohort":{}}}`
  for (const parameters of [
    JSON.stringify({ v: 1, stepS: 60, asOfS: 1, question: narrow, told }),
    JSON.stringify({ v: 1, stepS: 60, asOfS: 1, question: { ...MEAN, cohort: { gender: [11] } }, told }),
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
  const parameters = JSON.stringify({ v: 1, stepS: 2, slots: 50, rules: URGENCY_VERSION })
  for (const round of [
    { parties: parties.slice(0, 4), threshold: 2 },
    { parties, threshold: 3 },
  ]) {
    const id = await openBare(ours.circle, { kind: 'ranking', parameters, ...round })
    expect(await ours.ended('mercy', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/unfit' } })
  }
})

describe('what one question tells is known before the next is answered', () => {
  const SUM = systolic({ kind: 'sum', range: RANGE })
  /** All but the one person who is a hundred years old. */
  const LESS = { ...SUM, cohort: { ageDecade: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11] } }
  const SLUGS = HOSPITALS.slice(0, 3)
  const OLDEST = { value: 187.5, ageDecade: 10, gender: 0, enteredS: 0 }
  function fill(): void {
    for (const slug of SLUGS) stage.people.set(slug, peopleOf(Array<number>(15).fill(120)))
    stage.people.set('lakeside', [...peopleOf(Array<number>(15).fill(120)), OLDEST])
  }

  test('error: a hospital is in one statistics round at a time, though the open one is hidden behind others, and another claims its place', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    let first = ''
    const isHeld = (args: object) => 'round' in args && args.round === first && 'step' in args && Number(args.step) >= 2
    const mercy = await stage.gateway(['mercy'], {}, (method, args) =>
      method === 'contribute' && isHeld(args as object) ? undefined : args,
    )
    const others = await stage.gateway(['lakeside', 'stclare'])
    const seat = mercy.seat('mercy')
    const me = await mercy.circle.executorOf(seat)
    first = await mercy.rounds.openStatistics(seat, SUM, BY)
    await expect
      .poll(async () => (await others.rounds.get(others.seat('lakeside'), first)).steps.at(-1)?.name, { timeout: 20_000 })
      .toBe('deal')
    for (let n = 0; n < 17; n++) {
      const id = await openBare(mercy.circle, { kind: 'x', parties: [me], threshold: 1, parameters: '{}' })
      await mercy.circle.call(seat, 'abort_round', { id, reason: '' })
    }
    const { parties, parameters } = await mercy.circle.call(seat, 'round', { id: first })
    const other = JSON.stringify({ ...JSON.parse(parameters), question: LESS })
    const second = await openBare(mercy.circle, { kind: 'statistics', parties, threshold: 2, parameters: other })
    await sleep(3_000)
    const said = (await mercy.circle.call(seat, 'round', { id: second })).steps.flatMap(({ contributed }) => contributed)
    expect(said.filter((party) => party !== me)).toEqual([])
  })

  test('error: values that were sent are remembered, though the one who gave the round up counted nothing', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    // What a build of the app that counts nothing leaves behind.
    stage.see((view) => (view.state === 'aborted' ? { ...view, steps: [] } : view))
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? undefined : args))
    const ours = await stage.gateway(['lakeside', 'stclare'])
    const seat = mercy.seat('mercy')
    const me = await mercy.circle.executorOf(seat)
    const sent = async (round: string) => (await new RoundBoard({ circle: mercy.circle, seat, me, round }).read(VALUES_STEP, 1)).size
    const id = await mercy.rounds.openStatistics(seat, SUM, BY)
    await expect.poll(() => sent(id), { timeout: 20_000 }).toBe(3)
    await mercy.circle.call(seat, 'abort_round', { id, reason: '' })
    const second = await ours.rounds.openStatistics(ours.seat('stclare'), LESS, BY)
    expect(await ours.ended('stclare', second)).toMatchObject({ state: 'closed', result: { kind: 'withheld', why: 'small-group' } })
    expect(await sent(second)).toBe(0)
  })

  test.each([
    ['withheld although it was told', SUM, { kind: 'withheld', why: 'small-cohort' }, LESS, { kind: 'withheld', why: 'small-group' }],
    ['told although it was withheld', { ...SUM, cohort: { ageDecade: [10] } }, { kind: 'sum', cohort: 25, value: 1 }, SUM, { cohort: 46 }],
  ])('error: an opener’s false word, %s, is shown to nobody and remembered by nobody', async (_, asked, stated, next, expected) => {
    stage = await raiseRounds(SLUGS)
    fill()
    const lie = (args: unknown) => ({ ...(args as object), result: JSON.stringify({ result: stated, tampered: [] }) })
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => (method === 'close_round' ? lie(args) : args))
    const ours = await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), asked, BY)
    expect(await ours.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: false, result: null })
    const second = await ours.rounds.openStatistics(ours.seat('lakeside'), next, BY)
    // Mercy’s word is false again, if it has one: it is not the opener now.
    expect(await ours.ended('stclare', second)).toMatchObject({ state: 'closed', result: expected })
    const third = await ours.rounds.openStatistics(ours.seat('lakeside'), LESS, BY)
    expect(await ours.ended('stclare', third)).toMatchObject({ result: { kind: 'withheld', why: 'small-group' } })
  })

  test('one who came since the last answer is in none of the same time, and one of now is withheld until twenty came', async () => {
    stage = await raiseRounds(SLUGS)
    fill()
    const clock = handClock()
    const ours = await stage.gateway(SLUGS, { clock })
    const ask = async (asOf: 'last' | 'now') => {
      const { result } = await ours.ended('lakeside', await ours.rounds.openStatistics(ours.seat('mercy'), SUM, BY, asOf))
      return result
    }
    expect(await ask('last')).toMatchObject({ cohort: 46 })
    clock.move(60)
    const come = (people: number) => {
      const later = Array.from({ length: people }, () => ({ value: 99, ageDecade: 5, gender: 0, enteredS: clock.nowS() - 30 }))
      stage.people.set('stclare', [...peopleOf(Array<number>(15).fill(120)), ...later])
    }
    come(1)
    expect(await ask('last')).toMatchObject({ cohort: 46 })
    expect(await ask('now')).toEqual({ kind: 'withheld', why: 'small-group' })
    come(20)
    expect(await ask('now')).toMatchObject({ cohort: 66 })
    expect(await ask('last')).toMatchObject({ cohort: 66 })
  })
})

describe('who takes part', () => {
  test('error: a member under another hospital’s name and public key joins, and is dealt nothing', async () => {
    stage = await raiseRounds(['mercy', 'lakeside', 'northgate'])
    stage.cases.set('lakeside', casesOf('lakeside', [13, 42, 99]))
    const gateway = await stage.gateway(['mercy', 'northgate'])
    const ours = await stage.gateway(['lakeside'])
    const { publicKey } = await hpke.kem.generateKeyPair()
    const key = Buffer.from(await hpke.kem.serializePublicKey(publicKey)).toString('base64')
    const executor = await gateway.circle.executorOf(gateway.seat('northgate'))
    const stclare = slugToOrganisationId('stclare')
    await gateway.circle.call(gateway.seat('mercy'), 'admit_member', {
      executor,
      organisation: stclare,
      kind: 'hospital',
      encryption_key_base64: key,
    })
    gateway.circle.forgetMembers()
    ours.circle.forgetMembers()
    const id = await gateway.rounds.openRanking(gateway.seat('mercy'), BY, 50)
    const detail = await ours.ended('lakeside', id)
    expect(detail).toMatchObject({ state: 'aborted', reason: { code: 'rounds/not-proven', organisations: [stclare] } })
    expect(detail.steps.map(({ name }) => name)).toEqual(['join'])
  })

  test('of a hospital with more cases than places the most urgent are ranked; nobody else is told', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    stage.cases.set(
      'lakeside',
      casesOf(
        'lakeside',
        Array.from({ length: 60 }, (_, n) => n),
      ),
    )
    const ours = await stage.gateway(slugs)
    const id = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
    expect(await ours.ended('lakeside', id)).toMatchObject({ result: { total: 50 }, own: { cases: 50, left: 10, areFalse: false } })
    expect((await ours.ended('mercy', id)).own).toEqual({ cases: 0, left: 0, areFalse: false })
    expect(stage.ranks.get('lakeside')?.ranks.get('lakeside-59')).toBe(1)
    expect(stage.ranks.get('lakeside')?.ranks.has('lakeside-9')).toBe(false)
  })

  test('after a ranking a hospital rests from those of the same opener', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const clock = handClock()
    const ours = await stage.gateway(slugs, { clock, restS: 30 })
    await ours.ended('lakeside', await ours.rounds.openRanking(ours.seat('mercy'), BY, 50))
    const id = await ours.rounds.openRanking(ours.seat('mercy'), BY, 50)
    await sleep(1_500)
    expect((await ours.rounds.get(ours.seat('lakeside'), id)).steps).toEqual([])
    clock.move(31)
    expect(await ours.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: true })
  })

  test('error: scores of other rules are not ranked together', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const ours = await stage.gateway(slugs)
    const parties = await Promise.all(slugs.map((slug) => ours.circle.executorOf(ours.seat(slug))))
    const parameters = JSON.stringify({ v: 1, stepS: 60, slots: 50, rules: 'news2-2012' })
    const id = await openBare(ours.circle, { kind: 'ranking', parties, threshold: 2, parameters })
    expect(await ours.ended('stclare', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/other-rules' } })
  })
})
