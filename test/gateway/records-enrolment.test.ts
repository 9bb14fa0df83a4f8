import {
  enrolmentCodeSchema,
  enrolmentSchema,
  errorAnswerSchema,
  patientRecordsSchema,
  slugToOrganisationId,
  uploadSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { condition, smallBundle } from './records-bundles.ts'
import { type Client, LABELS, type RecordsStage, raiseRecords } from './records-stage.ts'

const HOUR_S = 3_600
let stage: RecordsStage
let mercy: Client
let stclare: Client
let patient: Client
let other: Client
let people = 0

beforeAll(async () => {
  stage = await raiseRecords()
})
afterAll(() => stage.stop())
beforeEach(async () => {
  // A new quarter of an hour: tries of the test before are forgiven, and so are its tokens.
  stage.pass(HOUR_S)
  ;[mercy, stclare, patient, other] = await Promise.all(
    [LABELS.mercy, LABELS.stclare, LABELS.patient, LABELS.otherPatient].map((label) => stage.signIn(label)) as [
      Promise<Client>,
      Promise<Client>,
      Promise<Client>,
      Promise<Client>,
    ],
  )
  for (const slug of ['mercy', 'stclare']) await stage.gateway.database.inTenant(slug, (tx) => tx.run('DELETE FROM links'))
})

async function newRecord(client = mercy): Promise<string> {
  people += 1
  const body = JSON.stringify(smallBundle(`person-${people}`, [condition(`person-${people}`, 'Asthma')]))
  const answer = await client.send('/hospital/bundles', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  return uploadSchema.parse(await answer.json()).record
}

async function newCode(record: string, client = mercy): Promise<{ code: string; expiresAtS: number }> {
  const { body } = await client.json('POST', `/hospital/records/${record}/enrolment-codes`)
  return enrolmentCodeSchema.parse(body)
}

async function redeem(client: Client, code: string): Promise<[number, string]> {
  const { status, body } = await client.json('POST', '/patient/enrolments', { code })
  return [status, status === 201 ? enrolmentSchema.parse(body).record : errorAnswerSchema.parse(body).code]
}

describe('an enrolment code', () => {
  test('links the account to the record, however it is typed', async () => {
    const record = await newRecord()
    const { code, expiresAtS } = await newCode(record)
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(expiresAtS - stage.gateway.clock.nowS()).toBe(72 * HOUR_S)
    expect(await redeem(patient, ` ${code.toLowerCase().replace('-', ' ')} `)).toEqual([201, record])
    const { body } = await patient.json('GET', '/patient/records')
    expect(patientRecordsSchema.parse(body).items).toEqual([
      {
        record,
        hospital: slugToOrganisationId('mercy'),
        linkedAtS: stage.gateway.clock.nowS(),
        categories: [
          { category: 'demographics', count: 1, fromS: 0, toS: 0 },
          { category: 'conditions', count: 1, fromS: 1_709_596_800, toS: 1_709_683_200 },
        ],
        sensitivities: [],
      },
    ])
  })

  test('is kept only as a keyed hash', async () => {
    const { code } = await newCode(await newRecord())
    const said = [...(await stage.everyRow()), ...stage.log]
    expect(said.filter((text) => text.includes(code) || text.includes(code.replace('-', '')))).toEqual([])
  })

  test('a record at each hospital can be linked to one account, and each sees its own', async () => {
    const [here, there] = [await newRecord(mercy), await newRecord(stclare)]
    expect(await redeem(patient, (await newCode(here, mercy)).code)).toEqual([201, here])
    expect(await redeem(patient, (await newCode(there, stclare)).code)).toEqual([201, there])
    const { body } = await patient.json('GET', '/patient/records')
    expect(patientRecordsSchema.parse(body).items.map(({ record }) => record)).toEqual([here, there])
    expect((await other.json('GET', '/patient/records')).body).toEqual({ items: [] })
  })

  test('error: works once', async () => {
    const { code } = await newCode(await newRecord())
    await redeem(patient, code)
    expect(await redeem(other, code)).toEqual([409, 'enrolment/used'])
    expect(await redeem(patient, code)).toEqual([409, 'enrolment/used'])
  })

  test('error: two accounts at the same moment, one gets it', async () => {
    const record = await newRecord()
    const { code } = await newCode(record)
    const both = await Promise.all([redeem(patient, code), redeem(other, code)])
    expect(both.map(([status]) => status).sort()).toEqual([201, 409])
  })

  test('error: ends after 72 hours', async () => {
    const { code } = await newCode(await newRecord())
    stage.pass(72 * HOUR_S)
    expect(await redeem(await stage.signIn(LABELS.patient), code)).toEqual([410, 'enrolment/expired'])
  })

  test('error: a new code ends the one before', async () => {
    const record = await newRecord()
    const first = await newCode(record)
    const second = await newCode(record)
    expect(await redeem(patient, first.code)).toEqual([404, 'enrolment/unknown-code'])
    expect(await redeem(patient, second.code)).toEqual([201, record])
  })

  test('error: nobody’s code and what is no code are answered alike', async () => {
    for (const code of ['00000-00000', 'ZZZZZ-ZZZZZ', 'hello', '!!!!!!!!!!', 'AAAAA-AAAAAA']) {
      expect(await redeem(patient, code)).toEqual([404, 'enrolment/unknown-code'])
    }
  })

  test('error: an account has one record at a hospital', async () => {
    await redeem(patient, (await newCode(await newRecord())).code)
    const second = await newCode(await newRecord())
    expect(await redeem(patient, second.code)).toEqual([409, 'enrolment/account-has-record'])
    expect((await redeem(other, second.code))[0]).toBe(201)
  })

  test('error: a linked record gets no code until the hospital ends the link', async () => {
    const record = await newRecord()
    await redeem(patient, (await newCode(record)).code)
    expect(await mercy.json('POST', `/hospital/records/${record}/enrolment-codes`)).toMatchObject({
      status: 409,
      body: { code: 'record/already-linked' },
    })
    expect((await mercy.json('DELETE', `/hospital/records/${record}/link`)).status).toBe(204)
    expect((await patient.json('GET', '/patient/records')).body).toEqual({ items: [] })
    expect(await redeem(other, (await newCode(record)).code)).toEqual([201, record])
    const again = await mercy.json('DELETE', `/hospital/records/${record}/link`)
    expect(again.status).toBe(204)
    expect(await mercy.json('DELETE', `/hospital/records/${record}/link`)).toMatchObject({
      status: 409,
      body: { code: 'record/not-linked' },
    })
  })

  test('error: a record of another hospital is not there', async () => {
    const record = await newRecord(mercy)
    await redeem(patient, (await newCode(record)).code)
    for (const [method, path] of [
      ['POST', `/hospital/records/${record}/enrolment-codes`],
      ['DELETE', `/hospital/records/${record}/link`],
    ] as const) {
      expect(await stclare.json(method, path)).toMatchObject({ status: 404, body: { code: 'record/other-hospital' } })
    }
    expect(patientRecordsSchema.parse((await patient.json('GET', '/patient/records')).body).items.length).toBe(1)
  })

  test('error: hospital staff cannot link themselves', async () => {
    const { code } = await newCode(await newRecord())
    expect(await redeem(stclare, code)).toEqual([403, 'auth/forbidden'])
    expect(await redeem(mercy, code)).toEqual([403, 'auth/forbidden'])
  })

  test('a new upload of the patient keeps the link', async () => {
    const record = await newRecord()
    await redeem(patient, (await newCode(record)).code)
    const body = JSON.stringify(smallBundle(`person-${people}`))
    const answer = await mercy.send('/hospital/bundles', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(uploadSchema.parse(await answer.json())).toMatchObject({ record, created: false })
    expect(patientRecordsSchema.parse((await patient.json('GET', '/patient/records')).body).items.map((item) => item.record)).toEqual([
      record,
    ])
  })
})

describe('guessing codes', () => {
  test('error: an account has ten tries in a quarter of an hour, right or wrong', async () => {
    const { code } = await newCode(await newRecord())
    for (let turn = 0; turn < 10; turn += 1) expect((await redeem(patient, '00000-00000'))[0]).toBe(404)
    expect(await redeem(patient, code)).toEqual([429, 'rate/too-many'])
    expect((await redeem(other, code))[0]).toBe(201)
  })

  test('error: an address has thirty, whatever the account', async () => {
    const clients = await Promise.all(['Patient 3', 'Patient 4', 'Patient 5', 'Patient 6'].map((label) => stage.signIn(label)))
    const statuses = []
    for (const client of clients) for (let turn = 0; turn < 9; turn += 1) statuses.push((await redeem(client, '00000-00000'))[0])
    expect(statuses.filter((status) => status === 404).length).toBe(30)
    expect(statuses.filter((status) => status === 429).length).toBe(6)
    stage.pass(900)
    expect((await redeem(await stage.signIn(LABELS.patient), '00000-00000'))[0]).toBe(404)
  })
})
