import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { isResource, validateResource } from '@medplum/core'
import { CATEGORY_KEYS, type CategoryKey, type ResourceLike, recordIdSchema, SENSITIVITY_KEYS } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { BundleContents } from '../../services/gateway/src/records/bundleContents.ts'
import { BundleReader } from '../../services/gateway/src/records/bundleReader.ts'
import { loadResourceCheck } from '../../services/gateway/src/records/checkResource.ts'
import { disclose, type Permit } from '../../services/gateway/src/records/disclose.ts'
import type { OpenedRecord, StoredEntry } from '../../services/gateway/src/records/openedRecord.ts'
import { walkResource } from '../../services/gateway/src/records/walkResource.ts'
import { packedSample } from './records-bundles.ts'

const EVERYTHING: Permit = { decision: 'permit', categories: CATEGORY_KEYS, dataFromS: 0, dataToS: 0, sensitivities: SENSITIVITY_KEYS }
const KEY = new Uint8Array(32).fill(9)
const reader = new BundleReader()
const listed = z
  .array(z.object({ file: z.string() }))
  .parse(JSON.parse(await readFile(new URL('../data/synthea/index.json', import.meta.url), 'utf8')))
const samples = listed.map(({ file }) => file)

beforeAll(() => {
  loadResourceCheck()
})
afterAll(() => reader.close())

async function read(name: string): Promise<BundleContents> {
  const reading = reader.open({ maxResources: 50_000 })
  await reading.write(gunzipSync(await packedSample(name)))
  return reading.end()
}

/** As `openParts` would give it, without a database between. */
function opened({ parts, summary }: BundleContents): OpenedRecord {
  const entries = (packed: Uint8Array): StoredEntry[] =>
    gunzipSync(packed)
      .toString('utf8')
      .split('\n')
      .map((line) => JSON.parse(line))
  const categories = parts.flatMap(({ part, packed }): [CategoryKey, StoredEntry[]][] =>
    part === 'uncategorised' || part === 'summary' ? [] : [[part, entries(packed)]],
  )
  return {
    record: recordIdSchema.parse('11111111-1111-4111-8111-111111111111'),
    parts: new Map(categories),
    patientUrls: summary.patientUrls,
    identifyingWords: summary.identifyingWords,
  }
}

describe.each(samples)('the sample %s', (name) => {
  test('is disclosed as valid FHIR R4, all of its categories and nothing more', async () => {
    const contents = await read(name)
    const bundle = await disclose(opened(contents), EVERYTHING, KEY)
    expect(bundle.entry.length).toBe(contents.summary.resources - contents.summary.uncategorised)
    for (const { resource } of bundle.entry) {
      expect(() => validate(resource)).not.toThrow()
    }
    expect(() => validate(bundle)).not.toThrow()
  })

  test('is valid FHIR R4 also without its free texts, and keeps every display that names nobody', async () => {
    const record = opened(await read(name))
    for (const category of CATEGORY_KEYS.filter((key) => key !== 'documents')) {
      const bundle = await disclose(record, { ...EVERYTHING, categories: [category] }, KEY)
      for (const { resource } of bundle.entry) expect(() => validate(resource)).not.toThrow()
      const shown = new Map(codingsOf((record.parts.get(category) ?? []).map(({ resource }) => resource)))
      for (const [code, display] of codingsOf(bundle.entry)) expect(display).toBe(shown.get(code))
    }
  })

  test('names nobody where demographics are not consented to', async () => {
    const contents = await read(name)
    const categories = CATEGORY_KEYS.filter((key) => key !== 'demographics')
    const bundle = await disclose(opened(contents), { ...EVERYTHING, categories }, KEY)
    const said = JSON.stringify(bundle) + bundle.entry.map(({ resource }) => textsOf(resource)).join('\n')
    const original = gunzipSync(await packedSample(name)).toString('utf8')
    const secrets = [...contents.summary.name.split(' '), contents.summary.birthDate, ...contents.summary.patientUrls]
    for (const word of secrets) {
      expect(original).toContain(word.replace('Patient/', ''))
      // A birth date is also the day of the first visit.
      if (word !== contents.summary.birthDate) expect(said).not.toContain(word)
    }
    expect(said).not.toMatch(/Practitioner|Organization\?|Location\?|"display":"Dr\. |MRN|ssn|passport/i)
    const ids = [...original.matchAll(/"id":\s*"([0-9a-f-]{36})"/g)].map(([, id]) => id ?? '')
    expect(ids.length).toBeGreaterThan(20)
    expect(ids.filter((id) => said.includes(id))).toEqual([])
  })
})

/** What each code is called. */
function codingsOf(value: unknown): [string, unknown][] {
  const found: [string, unknown][] = []
  walkResource(value, ({ system, code, display }) => {
    if (display !== undefined || (code !== undefined && system !== 'http://unitsofmeasure.org')) found.push([`${system} ${code}`, display])
  })
  return found
}

/** The validator's own type, by its own guard. */
function validate(value: unknown): void {
  if (!isResource(value)) throw new TypeError('not a resource')
  validateResource(value)
}

/** Notes in a resource, unpacked. */
function textsOf(resource: ResourceLike): string {
  const found: string[] = []
  JSON.stringify(resource, (field, value: unknown) => {
    if (field === 'data' && typeof value === 'string') found.push(Buffer.from(value, 'base64').toString('utf8'))
    return value
  })
  return found.join('\n')
}
