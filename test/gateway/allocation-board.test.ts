import { slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { addFacility, addSpecialist, boardOf, caseOn, HOUR_S, hoursFrom, rank, until } from './allocation-play.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'
import { ILL, keepRecord, measure, openCase, refusal, WELL } from './urgency-play.ts'

const MERCY = slugToOrganisationId('mercy')
const LAKESIDE = slugToOrganisationId('lakeside')
/** Ten times a hospital's own. */
const PACE = { lookEveryMs: 500, settleMs: 100 }

let stage: RecordsStage
let mercy: Client
let lakeside: Client
let stclare: Client
let cases: { first: string; second: string; third: string }
let heart: { specialist: string }
let lake: { specialist: string }

beforeAll(async () => {
  stage = await raiseRecords({ allocationPace: PACE })
  mercy = await stage.signIn(LABELS.mercy)
  lakeside = await stage.signIn(LABELS.lakeside)
  stclare = await stage.signIn(LABELS.stclare)
  const open = async (client: Client, mrn: string) =>
    (await openCase(stage, client, await keepRecord(client, mrn), { specialty: 'cardiology' })).case
  cases = { first: await open(mercy, 'm-1'), second: await open(mercy, 'm-2'), third: await open(lakeside, 'l-1') }
})
afterAll(() => stage.stop())

const offerOf = async (client: Client, caseId: string) => {
  const { place } = caseOn(await boardOf(client), caseId) ?? {}
  return { specialist: place?.specialist ?? '', fromS: place?.fromS ?? 0 }
}

describe('the allocation board', () => {
  test('says what is lacking: ranks, then a facility', async () => {
    expect((await boardOf(mercy)).cases.map(({ state }) => state)).toEqual(['not-ranked', 'not-ranked'])
    await rank(stage, 'r-1', [
      { organisation: MERCY, of: { [cases.first]: 1, [cases.second]: 3 } },
      { organisation: LAKESIDE, of: { [cases.third]: 2 } },
    ])
    expect((await boardOf(mercy)).cases.map(({ state, rank: at }) => [state, at])).toEqual([
      ['no-facility', 1],
      ['no-facility', 3],
    ])
  })

  test('once specialists have hours, the most urgent is offered the nearest place, by itself', async () => {
    const main = await addFacility(mercy, 'Mercy main', 42.35)
    const shore = await addFacility(lakeside, 'Lakeside shore', 42.45)
    heart = await addSpecialist(stage, mercy, 'Dr Heart', main.facility, [2, 1])
    lake = await addSpecialist(stage, lakeside, 'Dr Lake', shore.facility, [3, 1])
    const board = await until(mercy, (each) => caseOn(each, cases.second)?.state === 'no-place' && each.published.length === 3)
    expect(caseOn(board, cases.first)).toMatchObject({ state: 'offered', place: { specialistName: 'Dr Heart', distanceKm: 0 } })
    expect(caseOn(board, cases.second)?.reasons).toEqual([
      'Rank 3 has no place.',
      'Dr Heart at Mercy main, 0.0 km away: full, the last place went to rank 1.',
      'Dr Lake at Lakeside shore, 11.1 km away: the patient did not agree to be moved.',
    ])
    expect(board.incoming).toMatchObject([{ organisation: MERCY, rank: 1, specialist: heart.specialist, state: 'offered' }])
    const theirs = await until(lakeside, (each) => caseOn(each, cases.third)?.state === 'offered')
    expect(theirs.published).toEqual(board.published)
    expect(theirs.published.map(({ rank: at, isAllocated }) => [at, isAllocated])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ])
  })

  test('a declined offer is not made again; the next place and the next case are taken', async () => {
    await mercy.json('PUT', `/hospital/cases/${cases.first}/moving`, { facility: null, mayBeMoved: true, maxKm: 50 })
    const declined = await mercy.json('POST', `/hospital/cases/${cases.first}/offer/decline`, await offerOf(mercy, cases.first))
    expect(declined.status).toBe(204)
    const board = await until(mercy, (each) => caseOn(each, cases.first)?.place?.specialistName === 'Dr Lake')
    expect(caseOn(board, cases.first)?.reasons[1]).toBe('Dr Heart at Mercy main, 0.0 km away: declined for this case.')
    expect(caseOn(await until(mercy, (each) => caseOn(each, cases.second)?.state === 'offered'), cases.second)?.place?.specialistName).toBe(
      'Dr Heart',
    )
    await until(lakeside, (each) => caseOn(each, cases.third)?.state === 'no-place')
  })

  test('an accepted place is held, also against a more urgent case, and can be given back', async () => {
    const offer = await offerOf(mercy, cases.second)
    expect((await mercy.json('POST', `/hospital/cases/${cases.second}/offer/acceptance`, offer)).status).toBe(204)
    await until(mercy, (each) => each.incoming.some(({ state }) => state === 'accepted'))
    expect(caseOn(await boardOf(mercy), cases.second)).toMatchObject({ state: 'accepted', place: { specialistName: 'Dr Heart' } })
    expect((await stage.gateway.cases.list(MERCY, { limit: 9, after: undefined, status: 'allocated' })).items).toHaveLength(1)
    await lakeside.json('PUT', `/hospital/cases/${cases.third}/moving`, { facility: null, mayBeMoved: true, maxKm: null })
    const held = 'Dr Heart at Mercy main, 11.1 km away: all places were accepted before.'
    await until(lakeside, (each) => caseOn(each, cases.third)?.reasons.includes(held) ?? false)
    expect((await mercy.json('POST', `/hospital/cases/${cases.second}/offer/release`)).status).toBe(204)
    await until(lakeside, (each) => caseOn(each, cases.third)?.place?.specialistName === 'Dr Heart')
  })

  test('a specialist does not take a case: it goes elsewhere', async () => {
    const [{ pseudonym } = { pseudonym: '' }] = (await until(mercy, (each) => each.incoming.length === 1)).incoming
    const answer = await mercy.json('POST', '/hospital/allocation/incoming/decline', { pseudonym, specialist: heart.specialist })
    expect(answer.status).toBe(204)
    await until(lakeside, (each) => caseOn(each, cases.third)?.state === 'no-place')
    await until(mercy, (each) => caseOn(each, cases.second)?.place?.specialistName === 'Dr Heart')
  })

  test('hours that go are lost for whoever accepted them: the case waits again', async () => {
    await mercy.json('POST', `/hospital/cases/${cases.second}/offer/acceptance`, await offerOf(mercy, cases.second))
    await until(mercy, (each) => each.incoming.some(({ state }) => state === 'accepted'))
    expect((await mercy.json('DELETE', `/hospital/specialists/${heart.specialist}`)).status).toBe(204)
    await until(mercy, (each) => caseOn(each, cases.second)?.state === 'no-place')
    expect((await stage.gateway.cases.list(MERCY, { limit: 9, after: undefined, status: 'allocated' })).items).toHaveLength(0)
  })

  test('time alone ends an offer: hours that have begun are given to nobody', async () => {
    await until(mercy, (each) => caseOn(each, cases.first)?.place?.specialistName === 'Dr Lake')
    stage.pass(4 * HOUR_S)
    mercy = await stage.signIn(LABELS.mercy)
    lakeside = await stage.signIn(LABELS.lakeside)
    stclare = await stage.signIn(LABELS.stclare)
    await until(mercy, (each) => caseOn(each, cases.first)?.state === 'no-place')
  })
})

test('a ranking that the hospitals held together is taken up: ranks that nobody told the gateway but the round', async () => {
  await measure(stage, mercy, cases.first, WELL)
  await measure(stage, mercy, cases.second, ILL)
  await measure(stage, lakeside, cases.third, { ...WELL, rate: 22, pulse: 95 })
  const { status } = await mercy.json('POST', '/hospital/rounds/ranking', { slots: 50 })
  expect(status).toBe(201)
  const board = await until(mercy, (each) => caseOn(each, cases.second)?.rank === 1 && caseOn(each, cases.second)?.state === 'no-place')
  expect(caseOn(board, cases.first)?.rank).toBe(3)
  expect(caseOn(await boardOf(lakeside), cases.third)?.rank).toBe(2)
  const facility = (await stage.gateway.supply.all('lakeside')).facilities[0]?.facility ?? ''
  lake = await addSpecialist(stage, lakeside, 'Dr Lake', facility, [3, 1])
  const after = await until(lakeside, (each) => caseOn(each, cases.third)?.state === 'offered')
  expect(after.published.map(({ rank: at, isAllocated }) => [at, isAllocated])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ])
})

describe('what is refused', () => {
  test('error: an offer that was never made, or not to this case', async () => {
    const body = { specialist: `${LAKESIDE}:${lake.specialist}`, fromS: stage.gateway.clock.nowS() + HOUR_S }
    expect(await refusal(mercy, 'POST', `/hospital/cases/${cases.first}/offer/acceptance`, body)).toMatchObject({
      status: 409,
      code: 'allocation/offer-gone',
    })
  })

  test('error: cases, facilities and specialists of another hospital', async () => {
    const moving = { facility: null, mayBeMoved: true, maxKm: null }
    const ofOthers = [
      ['PUT', `/hospital/cases/${cases.first}/moving`, moving],
      ['POST', `/hospital/cases/${cases.first}/offer/decline`, { specialist: `${MERCY}:${lake.specialist}`, fromS: 1 }],
      ['POST', `/hospital/cases/${cases.first}/offer/release`, undefined],
      ['DELETE', `/hospital/specialists/${lake.specialist}`, undefined],
      ['POST', '/hospital/allocation/incoming/decline', { pseudonym: '0123456789abcdef', specialist: lake.specialist }],
    ] as const
    for (const [method, path, body] of ofOthers) expect(await refusal(stclare, method, path, body)).toMatchObject({ status: 404 })
    expect((await boardOf(stclare)).cases).toEqual([])
  })

  test('once nothing changes any more, nothing is allocated again', async () => {
    const { round } = await boardOf(mercy)
    await new Promise((resolve) => setTimeout(resolve, 6 * PACE.lookEveryMs))
    expect(await boardOf(mercy)).toMatchObject({ round, isRunning: false, doubt: null })
  })

  test('staff may have it allocated again all the same', async () => {
    const { status, body } = await stclare.json('POST', '/hospital/allocation/runs')
    expect(status).toBe(201)
    const { round } = z.object({ round: z.string() }).parse(body)
    await until(mercy, (board) => board.round === round)
  })

  test('error: hours that overlap, a facility that is not there, one that is in use', async () => {
    const [facility] = (await stage.gateway.supply.all('lakeside')).facilities
    const nowS = stage.gateway.clock.nowS()
    const body = {
      name: 'Dr Twice',
      facility: facility?.facility,
      specialty: 'cardiology',
      hours: [hoursFrom(nowS, 1, 1), hoursFrom(nowS, 1, 2)],
    }
    expect(await refusal(lakeside, 'POST', '/hospital/specialists', body)).toMatchObject({ code: 'allocation/hours-overlap' })
    expect(await refusal(lakeside, 'POST', '/hospital/specialists', { ...body, hours: [], facility: '000000000000' })).toMatchObject({
      code: 'allocation/unknown-facility',
    })
    expect(await refusal(lakeside, 'DELETE', `/hospital/facilities/${facility?.facility}`)).toMatchObject({
      code: 'allocation/facility-in-use',
    })
    expect(await refusal(lakeside, 'POST', '/hospital/facilities', { name: 'North', latitude: 91, longitude: 0 })).toMatchObject({
      status: 400,
    })
    expect(await refusal(lakeside, 'POST', '/hospital/specialists', { ...body, hours: [{ fromS: 2, toS: 1, capacity: 1 }] })).toMatchObject(
      { status: 400 },
    )
  })
})

test('neither names nor scores, cases, records or specialties are in the circle, the log or the database', async () => {
  const shared = await everythingShared()
  const seen = [shared, stage.log.join('\n'), (await stage.everyRow()).join('\n')]
  for (const text of seen) for (const planted of ['Dr Heart', 'Dr Lake', 'Mercy main', '42.35']) expect(text).not.toContain(planted)
  for (const planted of ['cardiology', 'score', cases.first, cases.third]) expect(shared).not.toContain(planted)
})

/** All rounds, as everybody in the circle reads them. */
async function everythingShared(): Promise<string> {
  const { circle } = stage.gateway
  const { entries } = await circle.ask('rounds', { limit: 200 })
  const messages = await Promise.all(
    entries.map(async ({ id }) =>
      (await circle.ask('messages_for_me', { round: id, step: 0 })).map(({ sealed }) => Buffer.from(sealed, 'base64').toString('latin1')),
    ),
  )
  expect(entries.length).toBeGreaterThan(5)
  return JSON.stringify([entries, messages])
}
