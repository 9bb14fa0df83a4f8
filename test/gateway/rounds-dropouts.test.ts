import { slugToOrganisationId } from '@medsync/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import type { RoundsOptions } from '../../services/gateway/src/rounds/roundsOptions.ts'
import {
  BY,
  casesOf,
  HOSPITALS,
  handClock,
  peopleOf,
  RANGE,
  type RoundsGateway,
  type RoundsStage,
  raiseRounds,
  systolic,
  type Wire,
} from './rounds-stage.ts'

const STATISTICS = ['join', 'deal', 'bind', 'toss', 'prove', 'check', 'counts', 'values']
const RANKING = ['join', 'deal', 'toss', 'prove', 'check', 'answer', 'open']
const [MERCY, STCLARE] = ['mercy', 'stclare'].map(slugToOrganisationId)
let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

/** Says nothing from a step on, as a gateway that was killed. */
const silentFrom =
  (step: number): Wire =>
  (method, args) =>
    method === 'contribute' && (args as { step: number }).step >= step ? undefined : args

describe('St. Clare says nothing from a step on', () => {
  test.each(STATISTICS.map((name, step) => [name, step] as const))('statistics of three: %s', async (name, step) => {
    const { id, mercy } = await openWithout('statistics', 3, silentFrom(step))
    const detail = await mercy.ended('mercy', id)
    if (step < STATISTICS.indexOf('check')) {
      expect(detail).toMatchObject({
        state: 'aborted',
        reason: { code: 'rounds/missing', organisations: [STCLARE], by: MERCY },
        step: name,
      })
    } else expect(detail).toMatchObject({ state: 'closed', isConfirmed: true, result: { kind: 'mean', cohort: 45, value: 120 } })
  })

  test.each(RANKING.map((name, step) => [name, step] as const))('a ranking of three: %s', async (name, step) => {
    const { id, mercy } = await openWithout('ranking', 3, silentFrom(step))
    const detail = await mercy.ended('mercy', id)
    if (name !== 'open') expect(detail).toMatchObject({ state: 'aborted', reason: { code: 'rounds/missing', organisations: [STCLARE] } })
    else expect(detail).toMatchObject({ state: 'closed', isConfirmed: true, result: { total: 6 } })
  })

  test.each([
    ['statistics', 'join', 'closed'],
    ['statistics', 'deal', 'closed'],
    ['statistics', 'toss', 'aborted'],
    ['ranking', 'join', 'closed'],
    ['ranking', 'deal', 'closed'],
    ['ranking', 'prove', 'aborted'],
    ['ranking', 'check', 'closed'],
    ['ranking', 'answer', 'closed'],
  ] as const)('a %s round of five: %s, and it is %s', async (kind, name, state) => {
    const step = (kind === 'ranking' ? RANKING : STATISTICS).indexOf(name)
    const { id, mercy } = await openWithout(kind, 5, silentFrom(step))
    const detail = await mercy.ended('mercy', id)
    expect(detail.state).toBe(state)
    const isCounted = !['join', 'deal'].includes(name)
    if (state === 'closed' && kind === 'ranking') expect(detail.result).toMatchObject({ total: isCounted ? 10 : 8 })
    if (state === 'closed' && kind === 'statistics') expect(detail.result).toMatchObject({ cohort: isCounted ? 75 : 60, value: 120 })
  })
})

describe('the opener says nothing any more', () => {
  test('and the others give the round up when its time is over, naming it', async () => {
    stage = await raiseRounds(HOSPITALS.slice(0, 3))
    fill(HOSPITALS.slice(0, 3))
    const mercy = await stage.gateway(['mercy'], { stepS: 1 }, silentFrom(3))
    const others = await stage.gateway(['lakeside', 'stclare'])
    const id = await mercy.rounds.openRanking(mercy.seat('mercy'), BY, 50)
    const detail = await others.ended('stclare', id)
    expect(detail.step).toBe('toss')
    expect(detail).toMatchObject({ state: 'aborted', reason: { code: 'rounds/missing', organisations: [MERCY] } })
  })
})

function fill(slugs: readonly string[]): void {
  for (const slug of slugs) {
    stage.people.set(slug, peopleOf(Array(15).fill(120)))
    stage.cases.set(slug, casesOf(slug, [10, 60]))
  }
}

/** Opens a round at Mercy, with St. Clare behind a wire; time passes as soon as all wait for it. */
async function openWithout(kind: 'statistics' | 'ranking', size: number, wire: Wire): Promise<{ id: string; mercy: RoundsGateway }> {
  const slugs = HOSPITALS.slice(0, size)
  stage = await raiseRounds(slugs)
  fill(slugs)
  const clock = handClock()
  const options: Partial<RoundsOptions> = { clock }
  const mercy = await stage.gateway(
    slugs.filter((slug) => slug !== 'stclare'),
    options,
  )
  await stage.gateway(['stclare'], options, wire)
  const seat = mercy.seat('mercy')
  const id =
    kind === 'ranking'
      ? await mercy.rounds.openRanking(seat, BY, 50)
      : await mercy.rounds.openStatistics(seat, systolic({ kind: 'mean', range: RANGE }), BY)
  void passTime(clock, mercy, id)
  return { id, mercy }
}

/** A minute passes whenever nothing has happened for a while. */
async function passTime(clock: { move(seconds: number): void }, gateway: RoundsGateway, id: string): Promise<void> {
  let before = ''
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 400))
    const view = await gateway.circle.ask('round', { id }).catch(() => undefined)
    if (view?.state !== 'opened') return
    const now = JSON.stringify(view.steps)
    if (now === before) clock.move(61)
    before = now
  }
}
