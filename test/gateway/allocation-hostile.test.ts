import { randomUUID } from 'node:crypto'
import type { AppArguments } from '@medsync/context/app'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readContributions, writeAnnouncement, writeResult } from '../../services/gateway/src/allocation/allocationRound.ts'
import { CaseMoves } from '../../services/gateway/src/allocation/caseMoves.ts'
import { type Contribution, digestOf, packContribution } from '../../services/gateway/src/allocation/contribution.ts'
import { mergeMarket } from '../../services/gateway/src/allocation/mergeMarket.ts'
import { sealContribution } from '../../services/gateway/src/allocation/sealContribution.ts'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { type AllocationHospital, type AllocationStage, BY, raiseAllocation, soon } from './allocation-stage.ts'

let stage: AllocationStage
let mercy: AllocationHospital
let lakeside: AllocationHospital
let stclare: AllocationHospital

beforeEach(async () => {
  stage = await raiseAllocation(['mercy', 'lakeside', 'stclare'])
  ;[mercy, lakeside, stclare] = stage.hospitals as [AllocationHospital, AllocationHospital, AllocationHospital]
})
afterEach(() => stage.stop())

const boardOf = (hospital: AllocationHospital) => hospital.allocations.board(hospital.organisation)
const stateAt = async (hospital: AllocationHospital, caseId: string) =>
  (await boardOf(hospital)).cases.find((one) => one.case === caseId)?.state

/** Says something in a round in the name of a hospital whose gateway does not run. */
async function say(
  hospital: AllocationHospital,
  round: string,
  contribution: Contribution,
  {
    to = stage.hospitals,
    announced = digestOf(packContribution(contribution)),
  }: { to?: readonly AllocationHospital[]; announced?: string } = {},
): Promise<void> {
  const from = await hospital.circle.executorOf(hospital.seat)
  const messages: { to: string | null; sealed: string }[] = [{ to: null, sealed: writeAnnouncement(announced) }]
  for (const each of to) {
    const place = { round, from, to: await each.circle.executorOf(each.seat) }
    const key = (await each.keys.of(each.organisation))?.publicBytes ?? new Uint8Array()
    const sealed = await sealContribution(packContribution(contribution), key, place)
    messages.push({ to: place.to, sealed: Buffer.from(sealed ?? []).toString('base64') })
  }
  await hospital.circle.call(hospital.seat, 'contribute', { round, step: 0, messages })
}

async function openRound(hospital: AllocationHospital, more: Partial<AppArguments['open_round']> = {}): Promise<string> {
  const parties = await Promise.all(stage.hospitals.map((each) => each.circle.executorOf(each.seat)))
  const nowS = systemClock.nowS()
  const parameters = JSON.stringify({ v: 1, nowS })
  const round = { id: randomUUID(), kind: 'allocation', parties, deadline_s: nowS + 63, threshold: 1, parameters, ...more }
  return await hospital.circle.call(hospital.seat, 'open_round', round)
}

const empty = (more: Partial<Contribution> = {}): Contribution => ({
  v: 1,
  ranking: 'r-1',
  facilities: [],
  specialists: [],
  cases: [],
  held: [],
  refusals: [],
  taken: [],
  salt: '0'.repeat(32),
  ...more,
})

/** The id of the round that a hospital's gateway has opened. */
async function theirRound(hospital: AllocationHospital): Promise<string> {
  let id = ''
  await soon(async () => {
    const { entries } = await stclare.circle.call(stclare.seat, 'rounds', { state: 'opened', limit: 20 })
    const opener = await hospital.circle.executorOf(hospital.seat)
    id = entries.find(({ opened_by }) => opened_by === opener)?.id ?? ''
    return id !== ''
  })
  return id
}

describe('three gateways', () => {
  test('come to the same allocation, each by itself, and again after a start from nothing', async () => {
    const urgent = lakeside.wait(1)
    const other = mercy.wait(2)
    await mercy.offer('Dr Heart', 42.35, 1)
    await lakeside.offer('Dr Lake', 42.45, 1)
    for (const hospital of stage.hospitals) hospital.start()
    await soon(async () => (await stateAt(lakeside, urgent)) === 'offered' && (await stateAt(mercy, other)) === 'offered')
    await soon(async () => (await boardOf(stclare)).published.length === 2)
    const published = (await boardOf(stclare)).published
    expect(published.map(({ rank }) => rank)).toEqual([1, 2])
    for (const hospital of stage.hospitals) expect(await boardOf(hospital)).toMatchObject({ published, doubt: null })
    const { round } = await boardOf(mercy)
    await mercy.stop()
    mercy.start()
    await soon(async () => (await boardOf(mercy)).round === round)
    expect(await stateAt(mercy, other)).toBe('offered')
  })

  test('a hospital that is away is left out, and what it holds elsewhere stays held', async () => {
    const held = lakeside.wait(2)
    await mercy.offer('Dr Heart', 42.35, 1)
    await lakeside.supply.putFacility('lakeside', undefined, { name: 'Shore', latitude: 42.45, longitude: -71 })
    for (const hospital of stage.hospitals) hospital.start()
    await lakeside.allocations.setMoving(lakeside.organisation, held, { facility: null, mayBeMoved: true, maxKm: null })
    await soon(async () => (await stateAt(lakeside, held)) === 'offered')
    const place = (await boardOf(lakeside)).cases[0]?.place
    await lakeside.allocations.accept(lakeside.organisation, held, { specialist: place?.specialist ?? '', fromS: place?.fromS ?? 0 }, BY)
    await soon(async () => (await boardOf(mercy)).incoming[0]?.state === 'accepted')
    await lakeside.stop()
    const urgent = mercy.wait(1)
    mercy.allocations.wake()
    await soon(async () => (await stateAt(mercy, urgent)) === 'no-place')
    const board = await boardOf(mercy)
    expect(board.counted).toEqual([mercy.organisation, stclare.organisation].sort())
    expect(board.incoming).toMatchObject([{ organisation: lakeside.organisation, state: 'accepted' }])
    expect(board.cases[0]?.reasons[1]).toContain('all places were accepted before')
  })

  test('two at the same moment take two places', async () => {
    const [one, other] = [mercy.wait(1), lakeside.wait(2)]
    await mercy.offer('Dr Heart', 42.35, 1)
    await lakeside.offer('Dr Lake', 42.45, 1)
    for (const hospital of stage.hospitals) hospital.start()
    await soon(async () => (await stateAt(mercy, one)) === 'offered' && (await stateAt(lakeside, other)) === 'offered')
    const accept = async (hospital: AllocationHospital, caseId: typeof one) => {
      const place = (await boardOf(hospital)).cases[0]?.place
      await hospital.allocations.accept(
        hospital.organisation,
        caseId,
        { specialist: place?.specialist ?? '', fromS: place?.fromS ?? 0 },
        BY,
      )
    }
    await Promise.all([accept(mercy, one), accept(lakeside, other)])
    const bothStand = async (hospital: AllocationHospital) =>
      (await boardOf(hospital)).incoming.filter(({ state }) => state === 'accepted').length === 1
    await soon(async () => (await bothStand(mercy)) && (await bothStand(lakeside)))
    expect([await stateAt(mercy, one), await stateAt(lakeside, other)]).toEqual(['accepted', 'accepted'])
  })

  test('a gateway that died between two writes of an acceptance sets it right at its start', async () => {
    const urgent = mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    for (const hospital of stage.hospitals) hospital.start()
    await soon(async () => (await stateAt(mercy, urgent)) === 'offered')
    const { place } = (await boardOf(mercy)).cases[0] ?? {}
    await mercy.stop()
    const held = { specialist: place?.specialist ?? '', fromS: place?.fromS ?? 0, toS: place?.toS ?? 0, rank: 1, by: BY }
    const moves = new CaseMoves({ database: mercy.home.database, keys: mercy.home.ring })
    await moves.change('mercy', urgent, (move) => ({ ...move, held }))
    mercy.start()
    await soon(() => mercy.cases.get(urgent)?.status === 'allocated')
    await soon(async () => (await boardOf(mercy)).incoming[0]?.state === 'accepted')
  })
})

describe('a hospital that is false', () => {
  test('error: whoever says another thing than announced is named and left out, and the rest is allocated', async () => {
    const urgent = mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    mercy.start()
    lakeside.start()
    const id = await theirRound(mercy)
    await say(stclare, id, empty(), { announced: '0'.repeat(64) })
    const view = await stage.ended(mercy, id)
    expect(view.state).toBe('aborted')
    expect(JSON.parse(view.reason ?? '')).toEqual({ code: 'allocation/false-contribution', organisations: [stclare.organisation] })
    expect((await boardOf(lakeside)).round).toBe(null)
    mercy.wait(2)
    mercy.allocations.wake()
    await soon(async () => (await stateAt(mercy, urgent)) === 'offered')
    expect((await boardOf(mercy)).counted).not.toContain(stclare.organisation)
  })

  test('error: a rank that another has, too, leads to nothing, and names both', async () => {
    mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    mercy.start()
    lakeside.start()
    const id = await theirRound(mercy)
    const facility = '0'.repeat(12)
    const liar = { pseudonym: 'f'.repeat(16), rank: 1, specialty: 'cardiology', facility, mayBeMoved: true, maxKm: null, declined: [] }
    await say(stclare, id, empty({ facilities: [{ facility, name: 'x', latitude: 42, longitude: -71 }], cases: [liar] }))
    expect((await stage.ended(mercy, id)).state).toBe('aborted')
    await soon(async () => (await boardOf(lakeside)).doubt !== null)
    expect((await boardOf(lakeside)).doubt).toMatchObject({ code: 'allocation/same-rank' })
    expect((await boardOf(lakeside)).doubt?.organisations.toSorted()).toEqual([mercy.organisation, stclare.organisation].sort())
  })

  test('error: a false result is believed by nobody; the allocation before stands', async () => {
    const urgent = mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    for (const hospital of stage.hospitals) hospital.start()
    await soon(async () => (await stateAt(mercy, urgent)) === 'offered')
    await soon(async () => (await boardOf(lakeside)).round !== null)
    const before = (await boardOf(lakeside)).round
    await stclare.stop()
    const id = await openRound(stclare)
    await say(stclare, id, empty())
    await soon(async () => (await stclare.circle.call(stclare.seat, 'round', { id })).steps[0]?.contributed.length === 3)
    const reader = {
      messagesOf: (round: string) => stclare.circle.call(stclare.seat, 'messages_for_me', { round, step: 0 }),
      me: await stclare.circle.executorOf(stclare.seat),
      privateKey: (await stclare.keys.of(stclare.organisation))!.privateKey,
      members: await stclare.circle.members(),
    }
    const view = await stclare.circle.call(stclare.seat, 'round', { id })
    const { allocation } = mergeMarket(await readContributions(reader, view), systemClock.nowS())
    const forged = writeResult(
      { ...allocation, allocated: [], waiting: [{ rank: 1, pseudonym: 'f'.repeat(16) }] },
      view.steps[0]?.contributed ?? [],
    )
    await stclare.circle.call(stclare.seat, 'close_round', { id, result: forged })
    await soon(async () => (await boardOf(lakeside)).doubt !== null)
    expect(await boardOf(lakeside)).toMatchObject({
      round: before,
      doubt: { code: 'allocation/other-result', organisations: [stclare.organisation] },
    })
    expect(await stateAt(mercy, urgent)).toBe('offered')
  })

  test('error: to a stranger nothing is said, and a round with one is left alone', async () => {
    stage.strangers.add(stclare.organisation)
    mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    const id = await openRound(stclare)
    mercy.start()
    lakeside.start()
    const own = async () => {
      const { entries } = await mercy.circle.call(mercy.seat, 'rounds', { state: 'closed', limit: 20 })
      return entries[0]
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect((await stclare.circle.call(stclare.seat, 'round', { id })).steps).toEqual([])
    await stclare.circle.call(stclare.seat, 'abort_round', { id, reason: 'nothing' })
    await soon(own)
    expect((await own())?.parties).not.toContain(await stclare.circle.executorOf(stclare.seat))
    expect(JSON.stringify(await boardOf(mercy))).not.toContain('nothing')
  })

  test('error: who gives up another’s round is left out, and it goes on without them', async () => {
    const urgent = mercy.wait(1)
    await mercy.offer('Dr Heart', 42.35, 1)
    mercy.start()
    lakeside.start()
    await stclare.circle.call(stclare.seat, 'abort_round', {
      id: await theirRound(mercy),
      reason: JSON.stringify({ code: 'allocation/false-contribution', organisations: [lakeside.organisation] }),
    })
    await soon(async () => (await stateAt(mercy, urgent)) === 'offered')
    expect(await boardOf(mercy)).toMatchObject({ doubt: null, counted: [lakeside.organisation, mercy.organisation].sort() })
  })

  test('error: a round of another version, of another time, or without sense is left alone', async () => {
    mercy.start()
    const ids = [
      await openRound(stclare, { parameters: '{"v":2,"nowS":1}' }),
      await openRound(stclare, { parameters: JSON.stringify({ v: 1, nowS: systemClock.nowS() - 7_200 }) }),
      await openRound(stclare, { parameters: '[]' }),
      await openRound(stclare, { deadline_s: systemClock.nowS() + 86_400 }),
    ]
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    for (const id of ids) expect((await stclare.circle.call(stclare.seat, 'round', { id })).steps).toEqual([])
  })
})
