import {
  caseDetailSchema,
  caseSummarySchema,
  casesSchema,
  privacyBudgetSchema,
  type RoundDetail,
  roundDetailSchema,
  roundOpenedSchema,
  roundsPageSchema,
  uploadSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { Person } from '../../scripts/demo/person.ts'
import { AccessStage, LABELS } from './access-stage.ts'
import { smallBundle } from './records-bundles.ts'
import { ILL, vitals, WELL } from './urgency-play.ts'

// The whole gateway on a chain: hospitals of the local network, records with vital signs, cases.
const NOW_S = Math.floor(Date.now() / 1_000)
const PATIENTLY = { timeout: 20_000, interval: 100 }
let stage: AccessStage
let mercy: Person
let stclare: Person

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  stclare = await stage.signedIn(LABELS.stclare)
  for (let n = 0; n < 12; n++) {
    await keep(mercy, `m${n}`, 110 + n)
    await keep(stclare, `s${n}`, 130 + n)
  }
}, 120_000)
afterAll(async () => {
  await stage?.stop()
})

async function keep(hospital: Person, mrn: string, systolic: number): Promise<string> {
  const bundle = smallBundle(mrn, vitals({ systolic }, NOW_S - 3_600))
  return (await hospital.upload('/hospital/bundles', uploadSchema, Buffer.from(JSON.stringify(bundle)))).record
}

async function ended(hospital: Person, id: string): Promise<RoundDetail> {
  return await vi.waitFor(async () => {
    const detail = await hospital.ask('GET', `/hospital/rounds/${id}`, roundDetailSchema)
    if (detail.state === 'opened' || (detail.state === 'closed' && detail.isConfirmed === null))
      throw new RangeError(detail.step ?? 'begun')
    return detail
  }, PATIENTLY)
}

const systolicMean = {
  field: { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' },
  measure: { kind: 'mean', range: { min: 0, max: 300, decimals: 0 } },
}

describe('rounds over HTTP', () => {
  test('staff ask for a mean over the records of all hospitals, and each hospital sees it', async () => {
    const { round } = await mercy.ask('POST', '/hospital/rounds/statistics', roundOpenedSchema, systolicMean)
    for (const hospital of [mercy, stclare]) {
      const detail = await ended(hospital, round)
      expect(detail).toMatchObject({ state: 'closed', isConfirmed: true, reason: null })
      expect(detail.result).toEqual({ kind: 'mean', cohort: 24, value: (12 * 115.5 + 12 * 135.5) / 24 })
    }
    const { items } = await stclare.ask('GET', '/hospital/rounds?limit=5', roundsPageSchema)
    expect(items[0]).toMatchObject({ round, kind: 'statistics', state: 'closed', step: 'values' })
  })

  test('staff ask for a count with noise, and each hospital sees what it cost', async () => {
    const question = { ...systolicMean, measure: { kind: 'count' }, privacy: { epsilonMilli: 2_000 } }
    const { round } = await mercy.ask('POST', '/hospital/rounds/statistics', roundOpenedSchema, question)
    const { result, question: asked } = await ended(stclare, round)
    expect(asked?.privacy).toEqual({ epsilonMilli: 2_000 })
    // The noise may leave fewer than 20 of the 24.
    if (result?.kind !== 'withheld') expect(result).toMatchObject({ kind: 'count', error95: { cohort: 2, value: 2 } })
    for (const hospital of [mercy, stclare]) {
      const budget = await hospital.ask('GET', '/hospital/rounds/budget', privacyBudgetSchema)
      expect(budget).toMatchObject({ totalMilli: 10_000, spentMilli: 2_000, hospitals: 3 })
    }
  })

  test('staff rank all waiting cases, and each hospital finds the place of its own', async () => {
    const cases = new Map<Person, string>()
    for (const [hospital, values] of [
      [mercy, WELL],
      [stclare, ILL],
    ] as const) {
      const record = await keep(hospital, `waiting-${hospital.address.slice(-4)}`, 120)
      const body = { record, specialty: 'internal-medicine', arrivedAtS: NOW_S - 60 }
      const opened = await hospital.ask('POST', '/hospital/cases', caseSummarySchema, body)
      await hospital.ask('POST', `/hospital/cases/${opened.case}/observations`, z.unknown(), { observations: vitals(values, NOW_S - 30) })
      cases.set(hospital, opened.case)
    }
    const { round } = await stclare.ask('POST', '/hospital/rounds/ranking', roundOpenedSchema, { slots: 50 })
    for (const [hospital, rank] of [
      [mercy, 2],
      [stclare, 1],
    ] as const) {
      expect(await ended(hospital, round)).toMatchObject({
        state: 'closed',
        isConfirmed: true,
        slots: 50,
        result: { kind: 'ranking', total: 2 },
      })
      const detail = await vi.waitFor(async () => {
        const found = await hospital.ask('GET', `/hospital/cases/${cases.get(hospital)}`, caseDetailSchema)
        expect(found.rank).not.toBeNull()
        return found
      }, PATIENTLY)
      expect(detail.rank).toMatchObject({ rank, total: 2, round })
    }
    const { items } = await mercy.ask('GET', '/hospital/cases', casesSchema)
    expect(items.map((each) => each.case)).toEqual([cases.get(mercy)])
  })

  test.each([
    ['a round nobody opened', 'GET', `/hospital/rounds/${'0'.repeat(64)}.none`, undefined, 'rounds/unknown'],
    ['an id that is none', 'GET', '/hospital/rounds/none', undefined, 'input/invalid'],
    ['slots of one’s own choice', 'POST', '/hospital/rounds/ranking', { slots: 7 }, 'input/invalid'],
    [
      'a range upside down',
      'POST',
      '/hospital/rounds/statistics',
      { ...systolicMean, measure: { kind: 'mean', range: { min: 9, max: 1, decimals: 0 } } },
      'sharing/bad-question',
    ],
    [
      'another range than before',
      'POST',
      '/hospital/rounds/statistics',
      { ...systolicMean, measure: { kind: 'sum', range: { min: 0, max: 200, decimals: 0 } } },
      'rounds/other-range',
    ],
    [
      'an epsilon of one’s own',
      'POST',
      '/hospital/rounds/statistics',
      { ...systolicMean, privacy: { epsilonMilli: 9_999 } },
      'input/invalid',
    ],
    ['a cursor of one’s own', 'GET', '/hospital/rounds?after=x', undefined, 'input/invalid'],
  ] as const)('error: %s', async (_, method, path, body, code) => {
    await expect(mercy.ask(method, path, z.unknown(), body)).rejects.toMatchObject({ code })
  })

  test('error: patients and researchers see no rounds', async () => {
    for (const label of [LABELS.alice, LABELS.northgate]) {
      const person = await stage.signedIn(label)
      await expect(person.ask('GET', '/hospital/rounds', z.unknown())).rejects.toMatchObject({ code: 'auth/forbidden' })
    }
  })
})
