import type { MemberView } from '@medsync/context/app'
import { slugToOrganisationId } from '@medsync/protocol'
import { URGENCY_VERSION } from '@medsync/protocol/urgency'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { digestOf } from '../../services/gateway/src/rounds/envelope.ts'
import { Participation } from '../../services/gateway/src/rounds/participation.ts'
import { RankingPlay } from '../../services/gateway/src/rounds/rankingPlay.ts'
import { RoundBlame } from '../../services/gateway/src/rounds/roundBlame.ts'
import type { RoundPlay, StepMessage } from '../../services/gateway/src/rounds/roundPlay.ts'
import { RoundSeed } from '../../services/gateway/src/rounds/roundSeed.ts'
import { statisticsInput } from '../../services/gateway/src/rounds/statisticsInput.ts'
import { StatisticsPlay } from '../../services/gateway/src/rounds/statisticsPlay.ts'
import {
  BY,
  casesOf,
  HOSPITALS,
  peopleOf,
  RANGE,
  type RoundsGateway,
  type RoundsStage,
  raiseRounds,
  systolic,
  type Wire,
} from './rounds-stage.ts'

const MEAN = systolic({ kind: 'mean', range: RANGE })
const [MERCY, LAKESIDE, STCLARE] = ['mercy', 'lakeside', 'stclare'].map(slugToOrganisationId)
let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

type Lie = (message: StepMessage) => StepMessage
const bytesOf =
  (change: (bytes: Uint8Array) => Uint8Array, upTo = 99): Lie =>
  ({ body, sealed }) => ({
    body,
    sealed: new Map([...sealed].map(([to, bytes], at) => [to, at < upTo ? change(Uint8Array.from(bytes)) : bytes])),
  })
const flip = (at: number) => (bytes: Uint8Array) => {
  bytes[at]! ^= 1
  return bytes
}
const hex = '00'.repeat(32)

describe('St. Clare does not keep to the protocol in statistics', () => {
  test.each<[string, string, Lie, unknown]>([
    ['a false share to one', 'deal', bytesOf(flip(0), 1), { code: 'rounds/disputed' }],
    ['a share outside the field', 'deal', bytesOf((bytes) => bytes.fill(255)), { code: 'sharing/outside-field', organisations: [STCLARE] }],
    [
      'a longer vector',
      'deal',
      bytesOf((bytes) => Buffer.concat([bytes, bytes])),
      { code: 'sharing/wrong-length', organisations: [STCLARE] },
    ],
    [
      'nothing for one',
      'deal',
      ({ body, sealed }) => ({ body, sealed: new Map([...sealed].slice(1)) }),
      { code: 'sharing/wrong-length', organisations: [STCLARE] },
    ],
    [
      'another nonce',
      'toss',
      ({ sealed }) => ({ body: { nonce: hex }, sealed }),
      { code: 'sharing/false-nonce', organisations: [STCLARE] },
    ],
    ['no nonce', 'toss', ({ sealed }) => ({ body: {}, sealed }), { code: 'rounds/false-message', organisations: [STCLARE] }],
    [
      'an impossible proof',
      'prove',
      ({ sealed }) => ({ body: { counts: '', values: '' }, sealed }),
      { code: 'rounds/false-dealing', organisations: [STCLARE] },
    ],
    [
      'a dispute of itself',
      'check',
      ({ sealed }) => ({ body: { disputes: ['nobody'] }, sealed }),
      { code: 'rounds/false-message', organisations: [STCLARE] },
    ],
  ])('error: %s ends the round, and it is named', async (_, step, lie, reason) => {
    const { id, honest } = await playWithFalse('statistics', 3, step, lie)
    const detail = await honest.ended('mercy', id)
    expect(detail).toMatchObject({ state: 'aborted', result: null, reason: expect.objectContaining(reason) })
    if (step === 'deal') expect(detail.reason?.organisations).toContain(STCLARE)
  })

  test.each<[string, string, Lie]>([
    ['a false count', 'counts', bytesOf(flip(32))],
    ['a false sum', 'values', bytesOf(flip(33))],
    ['a sum with another salt', 'values', bytesOf(flip(0))],
    ['a sum that is too short', 'values', bytesOf((bytes) => bytes.slice(0, 30))],
    ['another binding', 'bind', ({ sealed }) => ({ body: { counts: hex, values: hex }, sealed })],
  ])('%s is left out, its sender named, and the mean is right', async (_, step, lie) => {
    const { id, honest } = await playWithFalse('statistics', 3, step, lie)
    const detail = await honest.ended('lakeside', id)
    expect(detail).toMatchObject({
      state: 'closed',
      isConfirmed: true,
      tampered: [STCLARE],
      result: { kind: 'mean', cohort: 45, value: 120 },
    })
  })

  test('a dispute of a true dealing names both, for nobody can tell', async () => {
    const { id, honest, executors } = await playWithFalse('statistics', 3, 'check', ({ sealed }) => ({
      body: { disputes: [executors.get('lakeside')] },
      sealed,
    }))
    expect((await honest.ended('mercy', id)).reason).toMatchObject({ code: 'rounds/disputed', organisations: [LAKESIDE, STCLARE] })
  })
})

describe('St. Clare does not keep to the protocol in a ranking', () => {
  test.each<[string, string, Lie, unknown]>([
    ['a false share', 'deal', bytesOf(flip(1), 1), { code: 'rounds/disputed' }],
    [
      'a share outside the field',
      'deal',
      bytesOf((bytes) => bytes.fill(255, bytes.length - 8)),
      { code: 'sharing/outside-field', organisations: [STCLARE] },
    ],
    ['bytes of no shape', 'deal', bytesOf(() => Uint8Array.of(7, 7)), { code: 'sharing/wrong-length', organisations: [STCLARE] }],
    [
      'another nonce',
      'toss',
      ({ sealed }) => ({ body: { nonce: hex }, sealed }),
      { code: 'sharing/false-nonce', organisations: [STCLARE] },
    ],
    [
      'a false total',
      'answer',
      ({ sealed }) => ({ body: { total: Buffer.alloc(8, 1).toString('base64') }, sealed }),
      { code: 'sharing/inconsistent', organisations: [] },
    ],
  ])('error: %s ends the round of three', async (_, step, lie, reason) => {
    const { id, honest } = await playWithFalse('ranking', 3, step, lie)
    expect(await honest.ended('mercy', id)).toMatchObject({ state: 'aborted', result: null, reason: expect.objectContaining(reason) })
    expect(stage.ranks.size).toBe(0)
  })

  test('with three hospitals false ranks are no ranks, which only the hospital itself is told: aloud it would say whether a place is used', async () => {
    const toLakeside: Lie = ({ body, sealed }) => {
      const executor = executorOfLakeside
      return {
        body,
        sealed: new Map([...sealed].map(([to, bytes]) => [to, to === executor ? flip(8 * 49)(Uint8Array.from(bytes)) : bytes])),
      }
    }
    let executorOfLakeside = ''
    const { id, honest, executors } = await playWithFalse('ranking', 3, 'answer', (message) => toLakeside(message))
    executorOfLakeside = executors.get('lakeside') ?? ''
    const [mercy, lakeside] = [await honest.ended('mercy', id), await honest.ended('lakeside', id)]
    for (const each of [mercy, lakeside]) expect(each).toMatchObject({ state: 'closed', isConfirmed: true, tampered: [], reason: null })
    expect(mercy.own).toEqual({ cases: 2, left: 0, areFalse: false })
    expect(lakeside.own).toEqual({ cases: 2, left: 0, areFalse: true })
    expect([...stage.ranks.keys()]).toEqual(['mercy'])
  })

  test('with five hospitals a false answer is left out and its sender named', async () => {
    const { id, honest } = await playWithFalse('ranking', 5, 'answer', bytesOf(flip(5)))
    expect(await honest.ended('lakeside', id)).toMatchObject({
      state: 'closed',
      isConfirmed: true,
      tampered: [STCLARE],
      result: { total: 10 },
    })
  })
})

describe('messages that are none', () => {
  const anything = Buffer.alloc(40, 9).toString('base64')
  test.each<[string, (messages: Said[]) => Said[]]>([
    ['random bytes', () => [{ to: null, sealed: anything }]],
    ['nothing at all', () => []],
    ['two open parts', (messages) => [...messages, ...messages.filter(({ to }) => to === null)]],
    [
      'another sealed message than announced',
      (messages) => messages.map((each) => (each.to === null ? each : { ...each, sealed: anything })),
    ],
    ['JSON of another shape', () => [{ to: null, sealed: Buffer.from('{"v":1}').toString('base64') }]],
  ])('error: %s: the round ends, and the sender is named', async (name, change) => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    const wire: Wire = (method, args) =>
      method === 'contribute' && (args as { step: number }).step === 1
        ? { ...(args as object), messages: change((args as { messages: Said[] }).messages) }
        : args
    const honest = await stage.gateway(['mercy', 'lakeside'], { stepS: 1 })
    await stage.gateway(['stclare'], {}, wire)
    const id = await honest.rounds.openRanking(honest.seat('mercy'), BY, 50)
    const { reason } = await honest.ended('mercy', id)
    expect(reason).toMatchObject({ code: name === 'nothing at all' ? 'rounds/missing' : 'rounds/false-message', organisations: [STCLARE] })
  })

  test('error: a second contribution, a stranger’s, and one after the end are refused, and change nothing', async () => {
    stage = await raiseRounds(HOSPITALS.slice(0, 4))
    const isTrusted = async ({ organisation }: MemberView) => organisation !== slugToOrganisationId('northgate')
    const gateway = await stage.gateway(HOSPITALS.slice(0, 3), { isTrusted })
    const stranger = stage.circleOf(['northgate'])
    const seat = gateway.seat('stclare')
    const parties = await Promise.all(gateway.circle.seats.map((each) => gateway.circle.executorOf(each)))
    const parameters = JSON.stringify({ v: 1, stepS: 60, slots: 50, rules: URGENCY_VERSION })
    const deadline_s = systemClock.nowS() + 600
    const id = await gateway.circle.call(gateway.seat('mercy'), 'open_round', {
      id: 'r',
      kind: 'ranking',
      parties,
      deadline_s,
      threshold: 2,
      parameters,
    })
    const messages = [{ to: null, sealed: anything }]
    await expect(stranger.call(stranger.seats[0]!, 'contribute', { round: id, step: 0, messages })).rejects.toMatchObject({
      kind: 'NotAParty',
    })
    const detail = await gateway.ended('mercy', id)
    expect(detail.state).toBe('closed')
    await expect(gateway.circle.call(seat, 'contribute', { round: id, step: 3, messages })).rejects.toMatchObject({
      kind: 'AlreadyContributed',
    })
    await expect(gateway.circle.call(seat, 'contribute', { round: id, step: 9, messages })).rejects.toMatchObject({ kind: 'RoundEnded' })
    expect(await gateway.rounds.get(gateway.seat('mercy'), id)).toEqual(detail)
  })
})

describe('an opener does not keep to the protocol', () => {
  test('error: a result of its invention is not confirmed by the others', async () => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    fill(slugs)
    const lie = JSON.stringify({ result: { kind: 'mean', cohort: 45, value: 121 }, tampered: [] })
    const mercy = await stage.gateway(['mercy'], {}, (method, args) =>
      method === 'close_round' ? { ...(args as object), result: lie } : args,
    )
    const others = await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), MEAN, BY)
    expect(await others.ended('lakeside', id)).toMatchObject({ state: 'closed', isConfirmed: false })
  })

  test.each<[string, (counted: [string, string][]) => [string, string][]]>([
    ['counts another message than came', (counted) => counted.map(([party], at) => [party, at === 1 ? hex : digestOf(new Uint8Array())])],
    ['counts too few', (counted) => counted.slice(0, 2)],
    ['counts a stranger', (counted) => [...counted.slice(0, 2), ['f'.repeat(64), hex]]],
  ])('error: it %s', async (_, change) => {
    const slugs = HOSPITALS.slice(0, 3)
    stage = await raiseRounds(slugs)
    fill(slugs)
    const mercy = await stage.gateway(['mercy'], {}, (method, args) => {
      const said = args as { step: number; messages: Said[] }
      if (method !== 'contribute' || said.step !== 2) return args
      const envelope = JSON.parse(Buffer.from(said.messages[0]!.sealed, 'base64').toString())
      const closing = { counted: change(envelope.closing.counted) }
      return { ...said, messages: [{ to: null, sealed: Buffer.from(JSON.stringify({ ...envelope, closing })).toString('base64') }] }
    })
    const others = await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openStatistics(mercy.seat('mercy'), MEAN, BY)
    const { state, reason } = await others.ended('lakeside', id)
    expect({ state, organisations: reason?.organisations }).toEqual({ state: 'aborted', organisations: expect.arrayContaining([MERCY]) })
    // Where a message is another than the one counted, either of the two may have changed it.
    expect(reason?.organisations.length).toBeLessThanOrEqual(reason?.code === 'rounds/other-view' ? 2 : 1)
  })
})

type Said = { to: string | null; sealed: string }

function fill(slugs: readonly string[]): void {
  for (const slug of slugs) {
    stage.people.set(slug, peopleOf(Array(15).fill(120)))
    stage.cases.set(slug, casesOf(slug, [10, 60]))
  }
}

/** A round of Mercy's in which St. Clare is built of the runner's own parts, and lies in one step. */
async function playWithFalse(
  kind: 'statistics' | 'ranking',
  size: number,
  step: string,
  lie: Lie,
): Promise<{ id: string; honest: RoundsGateway; executors: Map<string, string> }> {
  const slugs = HOSPITALS.slice(0, size)
  stage = await raiseRounds(slugs)
  fill(slugs)
  const honest = await stage.gateway(slugs.filter((slug) => slug !== 'stclare'))
  const circle = stage.circleOf(['stclare'])
  const seat = circle.seats[0]!
  const me = await circle.executorOf(seat)
  const mercy = honest.seat('mercy')
  const executors = new Map<string, string>()
  for (const each of honest.circle.seats) executors.set(each.name, await honest.circle.executorOf(each))
  const id = kind === 'ranking' ? await honest.rounds.openRanking(mercy, BY, 50) : await honest.rounds.openStatistics(mercy, MEAN, BY)
  const view = await circle.ask('round', { id })
  const seed = new RoundSeed(crypto.getRandomValues(new Uint8Array(32)), id)
  const place = { round: id, me, threshold: 2, seed }
  const members = await circle.members()
  const organisations = new Map(members.map(({ executor, organisation }) => [executor, organisation]))
  const keys = new Map(members.map((each) => [each.executor, new Uint8Array(Buffer.from(each.encryption_key_base64, 'base64'))]))
  const nameOf = (executor: string) => organisations.get(executor) ?? executor
  const asked = { question: MEAN, asOfS: 1 }
  const input = statisticsInput(asked, [], peopleOf(Array(15).fill(120)), seed.chance('noise'))
  const play: RoundPlay =
    kind === 'ranking'
      ? new RankingPlay(place, { slots: 50, parties: size, scores: [10, 60] })
      : new StatisticsPlay(place, { asked, deadlineS: view.deadline_s, told: [], input, nameOf })
  const falsePlay: RoundPlay = {
    steps: play.steps,
    begin: (hospitals) => play.begin(hospitals),
    take: (name, messages) => play.take(name, messages),
    outcome: () => play.outcome(),
    remembered: () => undefined,
    compose: (name, counted) => (name === step ? lie(play.compose(name, counted)) : play.compose(name, counted)),
  }
  const { kind: kindOf, opened_by: opener, parties, parameters, deadline_s: deadlineS } = view
  const facts = { id, kind: kindOf, opener, parties, threshold: 2, parameters, deadlineS }
  const pair = await stage.keysOf('stclare')
  const taking = new Participation({
    circle,
    seat,
    me,
    facts,
    play: falsePlay,
    seed,
    pair,
    keys,
    clock: systemClock,
    stepS: 60,
    remember: async () => undefined,
  })
  void driveFalse(taking, async () => (await circle.ask('round', { id })).state)
  return { id, honest, executors }
}

async function driveFalse(taking: Participation, state: () => Promise<string>): Promise<void> {
  while ((await state().catch(() => 'away')) === 'opened') {
    await taking.advance(true).catch((failure: unknown) => {
      if (!(failure instanceof RoundBlame)) throw failure
    })
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}
