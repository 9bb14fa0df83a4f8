import { afterEach, describe, expect, test, vi } from 'vitest'
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

const SLUGS = HOSPITALS.slice(0, 3)
const STATISTICS = ['join', 'deal', 'bind', 'toss', 'prove', 'check', 'counts', 'values']
const RANKING = ['join', 'deal', 'toss', 'prove', 'check', 'answer', 'open']
let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

describe.each(['mercy', 'stclare'])('%s stops and starts again, the round being Mercy’s', (slug) => {
  test.each(
    STATISTICS.flatMap(
      (name, step) =>
        [
          [name, step, 'before'],
          [name, step, 'after'],
        ] as const,
    ),
  )('statistics: %s (%i), %s it is said', async (_, step, when) => {
    await raise()
    const { id, gateway } = await breakAt('statistics', slug, step, when)
    expect(await gateway.ended(slug, id)).toMatchObject({
      state: 'closed',
      isConfirmed: true,
      result: { kind: 'mean', cohort: 45, value: 120 },
    })
    await isForgotten(gateway, slug)
  })

  test.each(
    RANKING.flatMap(
      (name, step) =>
        [
          [name, step, 'before'],
          [name, step, 'after'],
        ] as const,
    ),
  )('a ranking: %s (%i), %s it is said', async (_, step, when) => {
    await raise()
    const { id, gateway } = await breakAt('ranking', slug, step, when)
    expect(await gateway.ended(slug, id)).toMatchObject({ state: 'closed', isConfirmed: true, result: { total: 6 } })
    await vi.waitFor(() => expect([...stage.ranks.values()].flatMap(({ ranks }) => [...ranks.values()]).sort()).toEqual([1, 2, 3, 4, 5, 6]))
    await isForgotten(gateway, slug)
  })
})

test('ranks that could not be kept are handed over again after a start', async () => {
  await raise()
  const failing = await stage.gateway(SLUGS, {
    onRanks: async () => {
      throw new RangeError('the database is away')
    },
  })
  const id = await failing.rounds.openRanking(failing.seat('mercy'), BY, 50)
  await vi.waitFor(async () => expect((await failing.rounds.get(failing.seat('mercy'), id)).state).toBe('closed'), { timeout: 10_000 })
  await failing.stop()
  expect(stage.ranks.size).toBe(0)
  await stage.gateway(SLUGS)
  await vi.waitFor(() => expect(stage.ranks.size).toBe(3), { timeout: 10_000 })
})

async function raise(): Promise<void> {
  stage = await raiseRounds(SLUGS)
  for (const slug of SLUGS) {
    stage.people.set(slug, peopleOf(Array(15).fill(120)))
    stage.cases.set(slug, casesOf(slug, [10, 60]))
  }
}

/** Stops a hospital's gateway just before, or just after, it says something, then starts another one on what it kept; inputs have changed meanwhile. */
async function breakAt(kind: string, slug: string, step: number, when: string): Promise<{ id: string; gateway: RoundsGateway }> {
  const broken = Promise.withResolvers<void>()
  let isBroken = false
  const wire: Wire = (method, args) => {
    const isNow = method === 'contribute' && (args as { step: number }).step === step
    const isDead = isBroken || (isNow && when === 'before')
    if (isNow || isBroken) {
      isBroken = true
      broken.resolve()
    }
    return isDead ? undefined : args
  }
  const others = await stage.gateway(SLUGS.filter((each) => each !== slug))
  const breaking = await stage.gateway([slug], {}, wire)
  const seat = breaking.seat(slug)
  const opener = slug === 'mercy' ? breaking : others
  const at = opener.seat('mercy')
  const id =
    kind === 'ranking'
      ? await opener.rounds.openRanking(at, BY, 50)
      : await opener.rounds.openStatistics(at, systolic({ kind: 'mean', range: RANGE }), BY)
  await broken.promise
  await breaking.stop()
  expect(seat.name).toBe(slug)
  if (step > 0) {
    stage.people.set(slug, peopleOf(Array(40).fill(250)))
    stage.cases.set(slug, casesOf(slug, [1, 2, 3]))
  }
  return { id, gateway: await stage.gateway([slug]) }
}

/** Seeds and inputs of ended rounds are in no vault. */
async function isForgotten(gateway: RoundsGateway, slug: string): Promise<void> {
  await vi.waitFor(async () => {
    const { keys } = await gateway.circle.call(gateway.seat(slug), 'list_private', { space: 'shares' })
    expect(keys.filter((key) => key.endsWith('/own'))).toEqual([])
  })
}
