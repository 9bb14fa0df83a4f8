import { account, type StatisticsField } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BundleReader } from '../../services/gateway/src/records/bundleReader.ts'
import { RecordKeys } from '../../services/gateway/src/records/recordKeys.ts'
import { saveRecord } from '../../services/gateway/src/records/saveRecord.ts'
import { SealedRecords } from '../../services/gateway/src/records/sealedRecords.ts'
import { fieldValues } from '../../services/gateway/src/rounds/fieldValues.ts'
import { type CircleHome, makeHome } from './consents-circleStage.ts'
import { smallBundle, type TestResource } from './records-bundles.ts'

const NOW_S = Date.parse('2026-11-21T00:00:00Z') / 1_000
const SYSTOLIC = { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' } as const
const UCUM = 'http://unitsofmeasure.org'
const code = (loinc: string) => ({ coding: [{ system: 'http://loinc.org', code: loinc }] })
const reader = new BundleReader()
let home: CircleHome
let people = 0

beforeAll(async () => {
  home = await makeHome(['mercy', 'lakeside'])
})
afterAll(async () => {
  await home?.drop()
  await reader.close()
})

async function keep(tenant: string, more: TestResource[], patient: Record<string, unknown> = {}): Promise<void> {
  const bundle = smallBundle(`p${people++}`, more)
  Object.assign(bundle.entry[0]!.resource, patient)
  const reading = reader.open({ maxResources: 5_000 })
  await reading.write(Buffer.from(JSON.stringify(bundle)))
  const contents = await reading.end()
  const clock = { nowS: () => NOW_S + people }
  await saveRecord({ database: home.database, recordKeys: new RecordKeys(home.ring), clock }, tenant, contents, account('0x1'))
}

async function valuesOf(tenant: string, field: Exclude<StatisticsField, { kind: 'study' }>, asOfS = NOW_S + 1_000) {
  const records = new SealedRecords({ database: home.database, tenants: home.tenants, recordKeys: new RecordKeys(home.ring) })
  return await fieldValues(records, tenant, field, asOfS)
}

const measured = (value: number, day: string, more: Record<string, unknown> = {}): TestResource => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: code('8480-6'),
  effectiveDateTime: day,
  valueQuantity: { value, unit: 'mmHg', system: UCUM, code: 'mm[Hg]' },
  ...more,
})

describe('a hospital’s records as numbers', () => {
  test('the latest value that holds, in the very unit that is asked, of this patient; panels’ parts as well', async () => {
    await keep('mercy', [measured(120, '2024-01-01'), measured(130, '2025-01-01'), measured(140, '2023-01-01')], { gender: 'female' })
    const panel = {
      code: code('85354-9'),
      valueQuantity: undefined,
      component: [{ code: code('8480-6'), valueQuantity: { value: 111, system: UCUM, code: 'mm[Hg]' } }],
    }
    await keep('mercy', [measured(0, '2024-05-05', panel)], { gender: 'male', birthDate: '1920' })
    await keep('mercy', [
      measured(100, '2024-01-01'),
      measured(900, '2024-02-01', { status: 'entered-in-error' }),
      measured(16, '2024-03-01', { valueQuantity: { value: 16, system: UCUM, code: 'kPa' } }),
      measured(300, '2024-04-01', { valueQuantity: { value: 300, system: UCUM, code: 'mm[Hg]', comparator: '>' } }),
      measured(55, '2024-05-01', { code: code('8462-4') }),
      measured(44, '2024-06-01', { valueQuantity: { value: 44, unit: 'mm[Hg]' } }),
    ])
    await keep('mercy', [measured(77, '2024-01-01', { code: code('8462-4') })])
    expect((await valuesOf('mercy', SYSTOLIC)).toSorted((one, other) => one.value - other.value)).toEqual([
      { value: 100, ageDecade: 6, gender: 3, enteredS: expect.any(Number) },
      { value: 111, ageDecade: 10, gender: 1, enteredS: expect.any(Number) },
      { value: 130, ageDecade: 6, gender: 0, enteredS: expect.any(Number) },
    ])
  })

  test('ages in whole years, until death; all people, those of unknown age too', async () => {
    await keep('lakeside', [], { birthDate: '2000-11-22' })
    await keep('lakeside', [], { birthDate: '2000-11-20' })
    await keep('lakeside', [], { birthDate: '1930-01-01', deceasedDateTime: '1999-06-01' })
    await keep('lakeside', [], { birthDate: undefined })
    expect((await valuesOf('lakeside', { kind: 'age' })).map(({ value }) => value).toSorted()).toEqual([25, 26, 69])
    expect((await valuesOf('lakeside', { kind: 'people' })).map(({ ageDecade }) => ageDecade).toSorted((a, b) => a - b)).toEqual([
      2, 2, 6, 11,
    ])
  })

  test('a hospital without records has no numbers, and another’s records are not its own', async () => {
    const empty = await makeHome(['mercy'])
    const records = new SealedRecords({ database: empty.database, tenants: empty.tenants, recordKeys: new RecordKeys(empty.ring) })
    expect(await fieldValues(records, 'mercy', { kind: 'people' }, NOW_S)).toEqual([])
    await empty.drop()
    expect(await valuesOf('lakeside', SYSTOLIC)).toEqual([])
  })
})
