import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { account, CATEGORY_KEYS, categoryOf, type RecordId, type ResourceLike, SENSITIVITY_KEYS } from '@medsync/protocol'
import { parseCriteria } from '@medsync/protocol/matching'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BundleContents } from '../../services/gateway/src/records/bundleContents.ts'
import { BundleReader } from '../../services/gateway/src/records/bundleReader.ts'
import { disclose } from '../../services/gateway/src/records/disclose.ts'
import { RecordKeys } from '../../services/gateway/src/records/recordKeys.ts'
import { saveRecord } from '../../services/gateway/src/records/saveRecord.ts'
import { SealedRecords } from '../../services/gateway/src/records/sealedRecords.ts'
import { fieldValues } from '../../services/gateway/src/rounds/fieldValues.ts'
import { matchRecord } from '../../services/gateway/src/trials/matchRecords.ts'
import { readRecordFacts } from '../../services/gateway/src/urgency/recordFacts.ts'
import { type CircleHome, makeHome } from './consents-circleStage.ts'

const NOW_S = Date.parse('2026-03-10T00:00:00Z') / 1_000
const HOSPITALS = ['mercy', 'lakeside'] as const
const reader = new BundleReader()
let home: CircleHome
let records: SealedRecords
let text: string
const kept = new Map<string, RecordId>()

beforeAll(async () => {
  home = await makeHome(HOSPITALS)
  records = new SealedRecords({ database: home.database, tenants: home.tenants, recordKeys: new RecordKeys(home.ring) })
  text = await readFile(new URL('../data/cases/reference-to-another-server.json', import.meta.url), 'utf8')
  const reading = reader.open({ maxResources: 100 })
  await reading.write(Buffer.from(text))
  const contents = await reading.end()
  await keep('mercy', contents)
  await keep('lakeside', asStoredBefore(contents))
})
afterAll(async () => {
  await home?.drop()
  await reader.close()
})

async function keep(tenant: string, contents: BundleContents): Promise<void> {
  const saving = { database: home.database, recordKeys: new RecordKeys(home.ring), clock: { nowS: () => NOW_S } }
  kept.set(tenant, (await saveRecord(saving, tenant, contents, account('0x1'))).record)
}

/** As uploads stored it before whose each resource is was settled while reading: all of it, with references as they came. */
function asStoredBefore(contents: BundleContents): BundleContents {
  const entries = (JSON.parse(text) as { entry: { fullUrl: string; resource: ResourceLike }[] }).entry
  const parts = Map.groupBy(entries, ({ resource }) => categoryOf(resource) ?? 'uncategorised')
  const packed = (of: typeof entries) => gzipSync(of.map((entry) => JSON.stringify({ ...entry, sensitivities: [] })).join('\n'))
  return { ...contents, parts: [...parts].map(([part, of]) => ({ part, packed: packed(of) })) }
}

const PULSE = { kind: 'observation', loinc: '8867-4', unit: '/min' } as const
const PRESSURE = { kind: 'observation', loinc: '8480-6', unit: 'mm[Hg]' } as const
const values = (resources: readonly ResourceLike[]): number[] =>
  resources.flatMap(({ valueQuantity }) => (valueQuantity === undefined ? [] : [(valueQuantity as { value: number }).value])).sort()

describe.each([
  ['uploaded now', 'mercy'],
  ['stored before', 'lakeside'],
])('measurements of another server’s patient of the same id, in a record that was %s', (_name, tenant) => {
  const record = (): RecordId => {
    const found = kept.get(tenant)
    if (found === undefined) throw new RangeError('no record')
    return found
  }

  test('are not scored', async () => {
    const { observations } = await readRecordFacts(records, tenant, record(), NOW_S)
    expect(values(observations.map(({ resource }) => resource))).toEqual([72, 75])
  })

  test('are not counted', async () => {
    expect((await fieldValues(records, tenant, PULSE, NOW_S)).map(({ value }) => value)).toEqual([75])
    expect(await fieldValues(records, tenant, PRESSURE, NOW_S)).toEqual([])
  })

  test('are not matched', async () => {
    const asked = (low: number) =>
      parseCriteria({
        resourceType: 'Group',
        type: 'person',
        actual: false,
        characteristic: [
          {
            code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
            valueRange: { low: { value: low, system: 'http://unitsofmeasure.org', code: '/min' } },
            exclude: false,
          },
        ],
      })
    const verdict = async (low: number) =>
      (await matchRecord(records, tenant, { record: record(), criteria: asked(low), nowS: NOW_S })).match.verdict
    expect([await verdict(74), await verdict(100)]).toEqual(['met', 'not-met'])
  })

  test('are not released', async () => {
    const opened = await records.openParts(tenant, record(), CATEGORY_KEYS)
    const permit = { decision: 'permit', categories: CATEGORY_KEYS, dataFromS: 0, dataToS: 0, sensitivities: SENSITIVITY_KEYS } as const
    const { entry } = await disclose(opened, permit, new Uint8Array(32).fill(9))
    expect(values(entry.map(({ resource }) => resource))).toEqual([72, 75])
  })
})
