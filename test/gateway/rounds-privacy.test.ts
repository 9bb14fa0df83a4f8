import { type StatisticsMeasure, type StatisticsQuestion, type StatisticsResult, statisticsQuestionSchema } from '@medsync/protocol'
import { PRIME61, PRIVACY_BUDGET, type Spending } from '@medsync/protocol/sharing'
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import { openJson } from '../../services/gateway/src/context/sealedJson.ts'
import { BY, HOSPITALS, peopleOf, RANGE, type RoundsGateway, type RoundsStage, raiseRounds, systolic, type Wire } from './rounds-stage.ts'

const SLUGS = HOSPITALS.slice(0, 3)
const EDGES = [100, 110, 120, 130, 140]
const BIND_STEP = 2
let stage: RoundsStage
afterEach(async () => {
  await stage?.stop()
})

const noised = (measure: StatisticsMeasure, epsilonMilli: 100 | 500 | 1_000 | 2_000): StatisticsQuestion => ({
  ...systolic(measure),
  privacy: { epsilonMilli },
})
const code = (value: string) => expect.objectContaining({ code: value })

describe('a round with noise', () => {
  test('tells a count, a mean and a histogram close to the clear ones, other ones each time, and how far off they may be', async () => {
    const all = await raise()
    const gateway = await stage.gateway(SLUGS)
    const ask = async (measure: StatisticsMeasure) => {
      const results: Exclude<StatisticsResult, { kind: 'withheld' }>[] = []
      for (const epsilonMilli of [1_000, 1_000] as const) {
        const { result } = await asked(gateway, noised(measure, epsilonMilli))
        if (result !== null && result.kind !== 'ranking' && result.kind !== 'withheld') results.push(result)
      }
      expect(results).toHaveLength(2)
      return results
    }
    // Beyond three times the bound of 95 in 100 is one answer in 100,000.
    for (const result of await ask({ kind: 'count' })) {
      expect(result.error95).toEqual({ cohort: 5, value: 5 })
      expect(Math.abs(result.cohort - all.length)).toBeLessThanOrEqual(15)
    }
    const means = await ask({ kind: 'mean', range: RANGE })
    const mean = all.reduce((a, b) => a + b, 0) / all.length
    for (const result of means) expect('value' in result && Math.abs(result.value - mean) / result.error95!.value).toBeLessThan(3)
    expect(new Set(means.map((result) => 'value' in result && result.value)).size).toBe(2)
    const histograms = await ask({ kind: 'histogram', edges: EDGES })
    const clear = EDGES.slice(1).map((edge, at) => all.filter((value) => value >= EDGES[at]! && value < edge).length)
    for (const result of histograms) {
      const cells = 'cells' in result ? result.cells.map((cell) => cell ?? Number.NaN) : []
      for (const [at, cell] of cells.entries()) expect(Math.abs(cell - clear[at]!)).toBeLessThanOrEqual(3 * result.error95!.value)
      expect(cells.reduce((a, b) => a + b, 0)).toBe(result.cohort)
    }
    expect(histograms[0]).not.toEqual(histograms[1])
  })

  test('keeps no true number of a hospital: neither in its vault, nor in what it says, nor in logs; an exact one does, in the vault', async () => {
    await raise()
    const said: string[] = []
    const gateway = await stage.gateway(SLUGS, {}, (method, args) => {
      said.push(textOf(method, args))
      return args
    })
    const sums = SLUGS.map((slug) => (stage.people.get(slug) ?? []).reduce((sum, { value }) => sum + Math.round(value * 10), 0))
    const centred = sums.map((sum, at) => BigInt(sum - 1_500 * (stage.people.get(SLUGS[at]!)?.length ?? 0)))
    const texts = [...sums.map(String), ...centred.map((sum) => String(sum < 0n ? sum + PRIME61 : sum))].map((sum) => `"${sum}"`)
    const found = () => texts.filter((text) => [...said, ...stage.log].some((each) => each.includes(text)))
    await asked(gateway, noised({ kind: 'mean', range: RANGE }, 100))
    expect(said.some((each) => each.includes('"counts"'))).toBe(true)
    expect(found()).toEqual([])
    await asked(gateway, systolic({ kind: 'mean', range: RANGE }))
    expect(found()).toHaveLength(3)
  })

  test('deals the same after a crash: noise is drawn once, whatever has changed meanwhile', async () => {
    await raise()
    const dealt: string[] = []
    const isDead = { now: false }
    const wire: Wire = (method, args) => {
      if (isDead.now) return undefined
      const step = method === 'contribute' ? (args as { step: number }).step : -1
      if (step === 1) dealt.push(JSON.stringify(args))
      if (step === 2) isDead.now = true
      return isDead.now ? undefined : args
    }
    const others = await stage.gateway(['mercy', 'lakeside'])
    const breaking = await stage.gateway(['stclare'], {}, wire)
    const id = await others.rounds.openStatistics(others.seat('mercy'), noised({ kind: 'mean', range: RANGE }, 1_000), BY)
    await vi.waitFor(() => expect(isDead.now).toBe(true), { timeout: 10_000 })
    await breaking.stop()
    stage.people.set('stclare', peopleOf(Array(40).fill(250)))
    isDead.now = false
    const again = await stage.gateway(['stclare'], {}, (method, args) => {
      if (method === 'contribute' && (args as { step: number }).step === 1) dealt.push(JSON.stringify(args))
      return args
    })
    expect(await again.ended('stclare', id)).toMatchObject({ state: 'closed', isConfirmed: true })
    expect(dealt).toHaveLength(2)
    expect(dealt[1]).toBe(dealt[0])
  })

  test('is withheld of a cohort that the noise leaves too small', async () => {
    stage = await raiseRounds(SLUGS)
    const gateway = await stage.gateway(SLUGS)
    const { result } = await asked(gateway, noised({ kind: 'count' }, 2_000))
    expect(result).toEqual({ kind: 'withheld', why: 'small-cohort' })
    expect(await spent(gateway)).toBe(2_000)
  })

  test('forbids no exact question, and is forbidden by none: any range, any cohort, between exact answers', async () => {
    await raise()
    const gateway = await stage.gateway(SLUGS)
    const exact = await asked(gateway, systolic({ kind: 'mean', range: RANGE }))
    const other = { kind: 'mean', range: { min: 90, max: 200, decimals: 0 } } as const
    await expect(gateway.rounds.openStatistics(gateway.seat('mercy'), systolic(other), BY)).rejects.toThrow(code('rounds/other-range'))
    expect((await asked(gateway, noised(other, 2_000))).state).toBe('closed')
    expect((await asked(gateway, { ...noised({ kind: 'count' }, 2_000), cohort: { gender: [0] } })).state).toBe('closed')
    expect((await asked(gateway, systolic({ kind: 'mean', range: RANGE }))).result).toEqual(exact.result)
  })
})

describe('the budget', () => {
  test('that is spent is spent at all hospitals alike, also after a start, and who asks all the same is given up', async () => {
    await raise()
    const gateway = await stage.gateway(SLUGS)
    const spendings: Spending[] = []
    const hospitals = SLUGS.map((slug): string => gateway.seat(slug).organisation).sort()
    for (let turn = 0; turn < 5; turn++) {
      const { round, deadlineS } = await asked(gateway, noised({ kind: 'count' }, 2_000))
      spendings.push({ round, epsilonMilli: 2_000, deadlineS, hospitals })
    }
    await gateway.stop()
    const again = await stage.gateway(SLUGS)
    for (const slug of SLUGS) {
      const refused = again.rounds.openStatistics(again.seat(slug), noised({ kind: 'count' }, 100), BY)
      await expect(refused).rejects.toThrow(code('rounds/budget-spent'))
      const returnsAtS = Math.min(...spendings.map(({ deadlineS }) => deadlineS)) + PRIVACY_BUDGET.windowS
      expect(await again.rounds.budget(again.seat(slug))).toEqual({ totalMilli: 10_000, spentMilli: 10_000, returnsAtS, hospitals: 3 })
    }
    const id = await openedAllTheSame(again, noised({ kind: 'count' }, 100))
    expect(await again.ended('lakeside', id)).toMatchObject({ state: 'aborted', reason: { code: 'rounds/budget-spent' } })
    expect((await asked(again, systolic({ kind: 'count' }))).state).toBe('closed')
    expect(await spent(again)).toBe(10_000)
  })

  test('pays for a round that is given up once shares were dealt, and not before', async () => {
    await raise()
    const isCut = { now: true }
    const gateway = await stage.gateway(SLUGS, {}, (method, args) => {
      const step = method === 'contribute' ? (args as { step: number }).step : -1
      return isCut.now && step === 1 ? undefined : args
    })
    const early = await gateway.rounds.openStatistics(gateway.seat('mercy'), noised({ kind: 'count' }, 500), BY)
    await gateway.rounds.abort(gateway.seat('lakeside'), early, '')
    expect(await spent(gateway)).toBe(0)
    await gateway.stop()
    let bound = 0
    const late = await stage.gateway(SLUGS, {}, (method, args) => {
      const isBound = method === 'contribute' && (args as { step: number }).step === BIND_STEP
      return isBound && ++bound > 0 ? undefined : args
    })
    const id = await late.rounds.openStatistics(late.seat('mercy'), noised({ kind: 'count' }, 500), BY)
    await vi.waitFor(() => expect(bound).toBeGreaterThan(0), { timeout: 10_000 })
    await late.rounds.abort(late.seat('lakeside'), id, '')
    await vi.waitFor(async () => expect(await spent(late)).toBe(500))
  })

  test('error: an epsilon that is not offered is no question', () => {
    for (const epsilonMilli of [0, 50, 3_000, 10 ** 9]) {
      expect(statisticsQuestionSchema.safeParse({ ...systolic({ kind: 'count' }), privacy: { epsilonMilli } }).success).toBe(false)
    }
  })
})

/** People of all three hospitals. @returns All their values. */
async function raise(): Promise<number[]> {
  stage = await raiseRounds(SLUGS)
  const values = SLUGS.map((_, at) => Array.from({ length: 30 + at }, (__, n) => 101 + at * 9 + n / 2))
  for (const [at, slug] of SLUGS.entries()) stage.people.set(slug, peopleOf(values[at]!))
  return values.flat()
}

/** Asks from Mercy's place; all hospitals open the same. */
async function asked(gateway: RoundsGateway, question: StatisticsQuestion) {
  const id = await gateway.rounds.openStatistics(gateway.seat('mercy'), question, BY)
  const details = await Promise.all(SLUGS.map((slug) => gateway.ended(slug, id)))
  for (const detail of details) expect(detail).toMatchObject({ state: 'closed', isConfirmed: true, result: details[0]!.result, question })
  return details[0]!
}

async function spent(gateway: RoundsGateway): Promise<number> {
  return (await gateway.rounds.budget(gateway.seat('stclare'))).spentMilli
}

/** Opens a round as a gateway would that does not look at the budget. */
async function openedAllTheSame(gateway: RoundsGateway, question: StatisticsQuestion): Promise<string> {
  const { circle } = gateway
  const nowS = Math.floor(Date.now() / 1_000)
  const parameters = { v: 1, stepS: 60, question, asOfS: nowS - 2, told: [] }
  return await circle.call(gateway.seat('mercy'), 'open_round', {
    id: 'spendthrift',
    kind: 'statistics',
    parties: await Promise.all(SLUGS.map((slug) => circle.executorOf(gateway.seat(slug)))),
    deadline_s: nowS + 600,
    threshold: 2,
    parameters: JSON.stringify(parameters),
  })
}

/** A call as text, with what is kept in the vault in clear. */
function textOf(method: string, args: unknown): string {
  const { key, value_base64 } = args as { key?: string; value_base64?: string }
  const opened = SLUGS.flatMap((slug) => (value_base64 === undefined ? [] : openedBy(slug, `round-vault|${key}`, value_base64)))
  return `${method} ${JSON.stringify(args)} ${opened.join(' ')}`
}

/** Nothing when it is another hospital's. */
function openedBy(slug: string, place: string, sealed: string): string[] {
  try {
    return [JSON.stringify(openJson(stage.vaultKeyOf(slug), Buffer.from(sealed, 'base64'), place, z.unknown()))]
  } catch {
    return []
  }
}
