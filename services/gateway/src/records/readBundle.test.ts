import { gunzipSync } from 'node:zlib'
import type { ResourceLike } from '@medsync/protocol'
import { describe, expect, test } from 'vitest'
import { BundleReading } from './readBundle.ts'

const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const entry = [
  {
    fullUrl: 'urn:uuid:p',
    resource: { resourceType: 'Patient', id: 'p', identifier: [{ system: 'urn:oid:1.2', value: 'MG-1' }], name: [{ family: 'Ferro' }] },
  },
  { fullUrl: 'urn:uuid:c', resource: { resourceType: 'Condition', id: 'c', subject: { reference: 'urn:uuid:p' } } },
]

/** The sensitivities of each entry, and those that the summary names, as a Bundle is stored. */
async function stored(bundle: object): Promise<{ entries: string[][]; summary: readonly string[] }> {
  const reading = new BundleReading({ maxResources: 10 }, (raw) => raw as ResourceLike)
  reading.write(Buffer.from(JSON.stringify(bundle)))
  const { parts, summary } = await reading.end()
  const lines = parts.flatMap(({ packed }) => gunzipSync(packed).toString('utf8').split('\n'))
  return { entries: lines.map((line) => (JSON.parse(line) as { sensitivities: string[] }).sensitivities), summary: summary.sensitivities }
}

describe('the labels of a Bundle', () => {
  const restricted = { security: [{ system: CONFIDENTIALITY, code: 'R' }] }

  test('hold for everything in it, wherever they stand', async () => {
    const before = { resourceType: 'Bundle', meta: restricted, type: 'collection', entry }
    const after = { resourceType: 'Bundle', type: 'collection', entry, meta: restricted }
    for (const bundle of [before, after]) {
      expect(await stored(bundle)).toEqual({ entries: [['restricted'], ['restricted']], summary: ['restricted'] })
    }
  })

  test('ask for nothing when there are none, or when they say normal', async () => {
    const normal = { meta: { profile: ['http://x.example'], security: [{ system: CONFIDENTIALITY, code: 'N' }] } }
    for (const meta of [{}, normal, { meta: { lastUpdated: '2024-01-01T00:00:00Z' } }]) {
      expect(await stored({ resourceType: 'Bundle', ...meta, type: 'collection', entry })).toEqual({ entries: [[], []], summary: [] })
    }
  })

  test('error: a label that is not understood keeps everything back and is no kind to consent to', async () => {
    const unknown = { meta: { security: [{ system: 'http://hospital.example', code: 'N' }] } }
    const { entries, summary } = await stored({ resourceType: 'Bundle', ...unknown, type: 'collection', entry })
    expect(entries).toEqual([['withheld'], ['withheld']])
    expect(summary).toEqual([])
  })
})
