import { connect } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { errorAnswerSchema, hospitalRecordsSchema, type Upload, uploadSchema } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { condition, packedSample, sample, smallBundle } from './records-bundles.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

let stage: RecordsStage
let mercy: Client
let stclare: Client

beforeAll(async () => {
  stage = await raiseRecords()
  mercy = await stage.signIn(LABELS.mercy)
  stclare = await stage.signIn(LABELS.stclare)
})
afterAll(() => stage.stop())

const JSON_TYPE = { 'content-type': 'application/fhir+json' }

async function upload(client: Client, body: BodyInit, headers: Record<string, string> = JSON_TYPE): Promise<Upload & { status: number }> {
  const answer = await client.send('/hospital/bundles', { method: 'POST', body, headers })
  return { status: answer.status, ...uploadSchema.parse(await answer.json()) }
}

async function refusal(client: Client, body: BodyInit, headers: Record<string, string> = JSON_TYPE): Promise<[number, string, string]> {
  const answer = await client.send('/hospital/bundles', { method: 'POST', body, headers })
  const { code, message } = errorAnswerSchema.parse(await answer.json())
  return [answer.status, code, message]
}

async function recordCount(client: Client): Promise<number> {
  const { body } = await client.json('GET', '/hospital/records?limit=200')
  return hospitalRecordsSchema.parse(body).items.length
}

describe('uploading a record', () => {
  test('a Synthea export is kept, plain or gzip, whether it says so or not', async () => {
    const packed = await packedSample('mercy/Luis923_Muller251.json.gz')
    const first = await upload(mercy, packed, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    expect(first).toMatchObject({ status: 201, created: true, resources: 62 })
    const again = await upload(mercy, packed, { 'content-type': 'application/gzip' })
    expect(again).toMatchObject({ status: 200, created: false, record: first.record, resources: 62 })
    const plain = await upload(mercy, gunzipSync(packed))
    expect(plain).toMatchObject({ created: false, record: first.record })
    expect(plain.categories.reduce((sum, { count }) => sum + count, plain.uncategorised)).toBe(62)
  })

  test('the list of the hospital names the patient, and no other hospital sees it', async () => {
    const { body } = await mercy.json('GET', '/hospital/records')
    expect(hospitalRecordsSchema.parse(body).items).toEqual([
      expect.objectContaining({ name: 'Luis923 Dee580 Muller251', resources: 62, linkedAtS: null }),
    ])
    expect(await recordCount(stclare)).toBe(0)
  })

  test('the same patient at another hospital is another record', async () => {
    const packed = await packedSample('mercy/Luis923_Muller251.json.gz')
    const here = await upload(mercy, packed)
    const there = await upload(stclare, packed)
    expect(there.created).toBe(true)
    expect(there.record).not.toBe(here.record)
  })

  test('the same patient again brings the record up to date and does not double it', async () => {
    const before = await upload(mercy, JSON.stringify(smallBundle('mrn-1', [condition('mrn-1', 'Asthma')])))
    const after = await upload(mercy, JSON.stringify(smallBundle('mrn-1', [condition('mrn-1', 'Asthma'), condition('mrn-1', 'Gout')])))
    expect(after).toMatchObject({ record: before.record, created: false, resources: 3 })
    const opened = await stage.gateway.records.openParts('mercy', after.record, ['conditions'])
    expect(opened.parts.get('conditions')?.length).toBe(2)
  })

  test('two uploads of one new patient at the same moment make one record', async () => {
    const body = JSON.stringify(smallBundle('mrn-2', [condition('mrn-2', 'Asthma')]))
    const both = await Promise.all([upload(mercy, body), upload(mercy, body)])
    expect(new Set(both.map(({ record }) => record)).size).toBe(1)
    expect(both.map(({ created }) => created).sort()).toEqual([false, true])
  })

  test('the list comes in pages, newest first', async () => {
    for (const mrn of ['p1', 'p2', 'p3']) {
      stage.pass(1)
      await upload(mercy, JSON.stringify(smallBundle(mrn)))
    }
    const all = hospitalRecordsSchema.parse((await mercy.json('GET', '/hospital/records?limit=200')).body).items
    const paged = []
    let next: string | null = ''
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`
      const page = hospitalRecordsSchema.parse((await mercy.json('GET', `/hospital/records?limit=2${after}`)).body)
      paged.push(...page.items)
      next = page.next
    }
    expect(paged).toEqual(all)
    expect(all[0]?.uploadedAtS).toBeGreaterThanOrEqual(all.at(-1)?.uploadedAtS ?? 0)
  })

  test('progress is told to the account that uploads and to nobody else', async () => {
    const told: unknown[] = []
    const end = stage.gateway.events.subscribe((published) => told.push(published))
    const bundle = smallBundle(
      'mrn-progress',
      Array.from({ length: 2_000 }, (_, index) => condition('mrn-progress', `Finding number ${index}`)),
    )
    await upload(mercy, JSON.stringify(bundle), { ...JSON_TYPE, 'x-upload-id': 'upload-7' })
    end()
    expect(told.length).toBeGreaterThan(1)
    expect(told.at(-1)).toMatchObject({
      audience: { account: stage.account(LABELS.mercy).address },
      event: { type: 'upload.progress', upload: 'upload-7', resources: 2_001 },
    })
  })
})

describe('what cannot be uploaded leaves nothing behind', () => {
  const cases: [string, () => Promise<BodyInit>, number, string][] = [
    ['what is not JSON', async () => 'Dear hospital, my record is', 400, 'input/not-json'],
    ['JSON cut short', async () => JSON.stringify(smallBundle('cut')).slice(0, -20), 400, 'input/not-json'],
    ['bytes that are no text', async () => Buffer.from([0xff, 0xfe, 0x00, 0x01]), 400, 'input/not-json'],
    ['nothing', async () => '', 400, 'input/not-json'],
    ['a list', async () => '[1, 2]', 422, 'record/not-a-bundle'],
    ['a lone resource', async () => JSON.stringify({ resourceType: 'Patient', id: 'a' }), 422, 'record/not-a-bundle'],
    ['a Bundle of another type', async () => JSON.stringify({ ...smallBundle('t'), type: 'message' }), 422, 'record/not-a-bundle'],
    [
      'a Bundle without a patient',
      async () => JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [] }),
      422,
      'record/no-patient',
    ],
    [
      'a Bundle of two patients',
      async () => JSON.stringify({ ...smallBundle('a'), entry: [...smallBundle('a').entry, ...smallBundle('b').entry] }),
      422,
      'record/several-patients',
    ],
    [
      'a resource that is not FHIR',
      async () => JSON.stringify(smallBundle('bad', [{ resourceType: 'Condition', code: 'a cold' }])),
      422,
      'record/invalid-resource',
    ],
    [
      'a resource of an unknown type',
      async () => JSON.stringify(smallBundle('bad', [{ resourceType: 'constructor' }])),
      422,
      'record/invalid-resource',
    ],
    [
      'a resource that is a number',
      async () => '{"resourceType":"Bundle","type":"batch","entry":[{"resource":5}]}',
      422,
      'record/invalid-resource',
    ],
    ['brackets without end', async () => `{"resourceType":"Bundle","entry":${'['.repeat(100_000)}`, 422, 'record/too-deep'],
    ['a damaged gzip', async () => (await packedSample('mercy/Luis923_Muller251.json.gz')).subarray(0, 9_000), 400, 'record/broken-gzip'],
    ['a patient without identifier', async () => JSON.stringify(nameless()), 422, 'record/no-identifier'],
  ]
  test.each(cases)('error: %s', async (_name, body, status, code) => {
    const before = await recordCount(mercy)
    expect((await refusal(mercy, await body())).slice(0, 2)).toEqual([status, code])
    expect(await recordCount(mercy)).toBe(before)
  })

  test('error: the answer names the element and not what stands in it', async () => {
    const bundle = smallBundle('leak', [{ ...condition('leak', 'x'), recordedDate: 'SECRETVALUE' }])
    const [, , message] = await refusal(mercy, JSON.stringify(bundle))
    expect(message).toMatchInlineSnapshot(`"A resource in the Bundle is not valid FHIR R4. (entry 1: Condition.recordedDate)"`)
  })

  test('error: another kind of content', async () => {
    expect((await refusal(mercy, '<Bundle/>', { 'content-type': 'application/fhir+xml' })).slice(0, 2)).toEqual([
      415,
      'upload/content-type',
    ])
  })

  test('error: a Bundle of 50 MB is answered in words, and the gateway goes on', async () => {
    const before = await recordCount(mercy)
    const head = JSON.stringify(smallBundle('big', [condition('big', 'x')])).slice(0, -2)
    const one = `,${JSON.stringify({ resource: condition('big', 'y'.repeat(1_000)) })}`
    const body = `${head}${one.repeat(Math.ceil(50_000_000 / one.length))}]}`
    expect(await refusal(mercy, body)).toEqual([413, 'record/too-large', expect.stringContaining('larger than this gateway takes')])
    expect(await recordCount(mercy)).toBe(before)
    expect((await mercy.json('GET', '/hospital/records?limit=1')).status).toBe(200)
  })

  test('error: 50 MB that do not say beforehand how many they are', async () => {
    const pieces = ['{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Binary","data":"', 'A'.repeat(1_000_000)]
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const piece = pieces.length === 2 ? pieces.shift() : pieces[0]
        controller.enqueue(new TextEncoder().encode(piece))
        sent += 1
        if (sent > 50) controller.close()
      },
    })
    let sent = 0
    const answer = await mercy.send('/hospital/bundles', { method: 'POST', body, headers: JSON_TYPE, duplex: 'half' } as RequestInit)
    expect([answer.status, errorAnswerSchema.parse(await answer.json()).code]).toEqual([413, 'record/too-large'])
  })

  test('error: a small gzip that unpacks to ten times the limit is stopped at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, 0x20), { level: 1 })
    expect(bomb.length).toBeLessThan(2_000_000)
    expect((await refusal(mercy, bomb)).slice(0, 2)).toEqual([413, 'record/too-large'])
  })

  test('error: an upload that breaks off keeps nothing and the place is free again', async () => {
    const before = await recordCount(mercy)
    const body = JSON.stringify(smallBundle('broken-off', [condition('broken-off', 'x')]))
    const { hostname, port } = new URL(stage.origin)
    for (let turn = 0; turn < 6; turn += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            `POST /api/hospital/bundles HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${mercy.session.accessToken}\r\n` +
              `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 50)}`,
            () => socket.destroy(),
          )
        })
        socket.on('close', () => resolve())
      })
    }
    await expect.poll(() => upload(mercy, JSON.stringify(smallBundle('after-break'))).then(({ status }) => status)).toBe(201)
    expect(await recordCount(mercy)).toBe(before + 1)
  })

  test('error: a patient, a researcher and nobody may not upload', async () => {
    const body = JSON.stringify(smallBundle('foreign'))
    const patient = await stage.signIn(LABELS.patient)
    const researcher = await stage.signIn(LABELS.research)
    expect((await refusal(patient, body)).slice(0, 2)).toEqual([403, 'auth/forbidden'])
    expect((await refusal(researcher, body)).slice(0, 2)).toEqual([403, 'auth/forbidden'])
    const nobody = await fetch(`${stage.origin}/api/hospital/bundles`, { method: 'POST', body, headers: JSON_TYPE })
    expect([nobody.status, errorAnswerSchema.parse(await nobody.json()).code]).toEqual([401, 'auth/required'])
  })
})

describe('a record at rest', () => {
  test('says nothing of a name or a diagnosis anywhere in the database, nor in the log', async () => {
    const bundle = await sample('stclare/Eli762_Kling921.json.gz')
    const { record } = await upload(stclare, JSON.stringify(bundle))
    const planted = ['Eli762', 'Kling921', 'Zanzibarova', 'Quillfeather', '1961-07-19', 'Asthma', 'Gout', 'snomed', '195967001', 'Patient/']
    const rows = await stage.everyRow()
    expect(rows.some((row) => row.includes(record))).toBe(true)
    for (const word of planted) {
      expect(rows.filter((row) => row.includes(word) || row.includes(Buffer.from(word).toString('hex')))).toEqual([])
      expect(stage.log.filter((line) => line.includes(word))).toEqual([])
    }
  })

  test('opens only with its own key, as its own part of its own record', async () => {
    const one = await upload(mercy, JSON.stringify(smallBundle('aad-1', [condition('aad-1', 'Asthma')])))
    const other = await upload(mercy, JSON.stringify(smallBundle('aad-2', [condition('aad-2', 'Gout')])))
    await stage.gateway.database.inTenant('mercy', (tx) =>
      tx.run(
        `UPDATE record_parts SET sealed = (SELECT sealed FROM record_parts WHERE record = $1 AND part = 'conditions') WHERE record = $2 AND part = 'conditions'`,
        [one.record, other.record],
      ),
    )
    await expect(stage.gateway.records.openParts('mercy', other.record, ['conditions'])).rejects.toMatchObject({ code: 'record/damaged' })
    await expect(stage.gateway.records.openParts('stclare', one.record, ['conditions'])).rejects.toMatchObject({
      code: 'record/other-hospital',
    })
  })
})

function nameless(): unknown {
  const bundle = smallBundle('nameless')
  for (const { resource } of bundle.entry) {
    delete resource.identifier
    delete resource.id
  }
  return bundle
}
