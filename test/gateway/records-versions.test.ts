import {
  errorAnswerSchema,
  type HospitalRecord,
  hospitalRecordSchema,
  type IdentityDifference,
  patientRecordsSchema,
  recordVersionsSchema,
  type Upload,
  uploadSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { isStillLinked } from '../../services/gateway/src/access/isStillLinked.ts'
import type { KeptRelease } from '../../services/gateway/src/access/releases.ts'
import { KeyRing, keyedHash } from '../../services/gateway/src/keys/keyRing.ts'
import { readMasterKey } from '../../services/gateway/src/keys/readMasterKey.ts'
import { newKey, seal } from '../../services/gateway/src/keys/seal.ts'
import { condition, smallBundle, type TestBundle, type TestResource } from './records-bundles.ts'
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

type Patient = { name?: object[]; birthDate?: string; identifier?: object[]; id?: string }
const anna = { name: [{ family: 'Abelsen', given: ['Anna'] }], birthDate: '1980-02-03' }
const bob = { name: [{ family: 'Bakke', given: ['Bob'] }], birthDate: '1944-11-30' }
const mr = (value: string, system = 'http://mrn.example') => ({ type: { coding: [{ code: 'MR' }] }, system, value })
const ssn = (value: string) => ({ type: { coding: [{ code: 'SS' }] }, system: 'http://hl7.org/fhir/sid/us-ssn', value })

/** A Bundle of one patient with these diagnoses. */
function bundleOf(patient: Patient, ...diagnoses: string[]): TestBundle {
  const { entry, ...bundle } = smallBundle(
    'x',
    diagnoses.map((text) => condition('x', text)),
  )
  const [first, ...rest] = entry
  const resource = { resourceType: 'Patient', id: 'patient-x', ...patient } as TestResource
  return { ...bundle, entry: [{ ...first, resource }, ...rest] }
}

type Answer = { status: number; code: string; message: string; identity: IdentityDifference | undefined } & Partial<Upload>

async function upload(client: Client, bundle: TestBundle, confirmation?: string): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/fhir+json' }
  if (confirmation !== undefined) headers['x-confirm-identity'] = confirmation
  const answer = await client.send('/hospital/bundles', { method: 'POST', body: JSON.stringify(bundle), headers })
  const content: unknown = await answer.json()
  const { status } = answer
  if (answer.ok) return { status, code: '', message: '', identity: undefined, ...uploadSchema.parse(content) }
  const { code, message, identity } = errorAnswerSchema.parse(content)
  return { status, code, message, identity }
}

async function stored(bundle: TestBundle, client = mercy): Promise<Upload> {
  const { status, code, message, identity, ...rest } = await upload(client, bundle)
  expect([status, code]).toEqual([status === 201 ? 201 : 200, ''])
  return uploadSchema.parse(rest)
}

async function versionsOf(record: string, client = mercy, query = '') {
  const { status, body } = await client.json('GET', `/hospital/records/${record}/versions${query}`)
  expect(status).toBe(200)
  return recordVersionsSchema.parse(body)
}

async function diagnosesOf(record: HospitalRecord['record']): Promise<unknown[]> {
  const { parts } = await stage.gateway.records.openParts('mercy', record, ['conditions'])
  return (parts.get('conditions') ?? []).map(({ resource }) => (resource['code'] as { text: string }).text)
}

async function restore(record: string, version: number, currentVersion: number, client = mercy, reason = 'wrong-patient') {
  const { status, body } = await client.json('POST', `/hospital/records/${record}/versions/${version}/restore`, { reason, currentVersion })
  return { status, code: status === 200 ? '' : errorAnswerSchema.parse(body).code }
}

async function recordOf(record: string, client = mercy): Promise<HospitalRecord> {
  return hospitalRecordSchema.parse((await client.json('GET', `/hospital/records/${record}`)).body)
}

const countRows = (text: string, values: string[] = []): Promise<number> =>
  stage.gateway.database.inTenant('mercy', async (tx) => (await tx.rows(z.unknown(), text, values)).length)

const sql = (text: string, values: (string | number)[] = []): Promise<number> =>
  stage.gateway.database.inTenant('mercy', (tx) => tx.run(text, values))

describe('whose record an upload changes', () => {
  test('two patients whose only identifier is a value without a system are two records', async () => {
    const first = await stored(bundleOf({ ...anna, identifier: [{ value: '1' }] }, 'Asthma'))
    const second = await stored(bundleOf({ ...bob, identifier: [{ value: '1' }] }, 'Gout'))
    expect(second).toMatchObject({ created: true, isIdentified: false })
    expect(second.record).not.toBe(first.record)
    expect(await diagnosesOf(first.record)).toEqual(['Asthma'])
  })

  test('without an identifier of system and value the same content is known again, and other content of the same name is not', async () => {
    const bundle = bundleOf({ ...anna, identifier: [{ value: '2' }] }, 'Asthma')
    const first = await stored(bundle)
    expect(await stored(bundle)).toMatchObject({ record: first.record, created: false, isUnchanged: true, version: 1 })
    expect(await stored(bundleOf({ ...anna, identifier: [{ value: '2' }] }, 'Gout'))).toMatchObject({ created: true })
    expect(await stored(bundleOf({ ...anna, identifier: [mr('000')] }, 'Gout'))).toMatchObject({ created: true, isIdentified: false })
  })

  test('system and value are kept apart: one cannot be moved into the other', async () => {
    const first = await stored(bundleOf({ ...anna, identifier: [mr('c', 'urn:a|b')] }))
    const second = await stored(bundleOf({ ...anna, identifier: [mr('b|c', 'urn:a')] }))
    expect(second).toMatchObject({ created: true })
    expect(second.record).not.toBe(first.record)
  })

  test('a system written with other case and a slash is the same; with a letter that only looks alike it is another', async () => {
    const first = await stored(bundleOf({ ...anna, identifier: [mr('case-1')] }))
    for (const system of ['HTTP://MRN.example', 'http://mrn.example/'])
      expect(await stored(bundleOf({ ...anna, identifier: [mr('case-1', system)] }))).toMatchObject({
        record: first.record,
        created: false,
      })
    expect(await stored(bundleOf({ ...anna, identifier: [mr('case-1', 'http://mrn.exam\u0440le')] }))).toMatchObject({ created: true })
  })

  test('error: the same identifier with another name and birth date is refused, by the names of the fields alone, and changes nothing', async () => {
    const before = await stored(bundleOf({ ...anna, identifier: [mr('differs-1')] }, 'Asthma'))
    const { status, code, message, identity } = await upload(mercy, bundleOf({ ...bob, identifier: [mr('differs-1')] }, 'Gout'))
    expect([status, code]).toEqual([409, 'record/identity-differs'])
    expect(identity).toMatchObject({ record: before.record, version: 1, differs: ['name', 'birthDate'] })
    expect(message).toMatchInlineSnapshot(
      `"A record with an identifier of this Patient is of a patient whose details differ. (name, birthDate)"`,
    )
    expect(await diagnosesOf(before.record)).toEqual(['Asthma'])
    expect((await versionsOf(before.record)).items).toHaveLength(1)
    for (const word of ['Bakke', 'Abelsen', '1944', '1980', 'differs-1'])
      expect(stage.log.filter((line) => line.includes(word))).toEqual([])
  })

  test.each([
    ['twins with one number', { ...anna, name: [{ family: 'Abelsen', given: ['Anne'] }] }, ['name']],
    ['a birth date that is missing', { name: anna.name }, ['birthDate']],
    ['a name that is missing', { birthDate: anna.birthDate }, ['name']],
    ['another birth date alone', { ...anna, birthDate: '1980-03-02' }, ['birthDate']],
  ])('error: %s', async (what, patient, differs) => {
    await stored(bundleOf({ ...anna, identifier: [mr(what)] }))
    expect((await upload(mercy, bundleOf({ ...patient, identifier: [mr(what)] }))).identity?.differs).toEqual(differs)
  })

  test('error: identifiers of two records are refused, and no confirmation is offered', async () => {
    const one = await stored(bundleOf({ ...anna, identifier: [mr('two-1')] }))
    const other = await stored(bundleOf({ ...bob, identifier: [ssn('123-45-0001')] }))
    const refused = await upload(mercy, bundleOf({ ...anna, identifier: [mr('two-1'), ssn('123-45-0001')] }))
    expect(refused).toMatchObject({ status: 409, code: 'record/several-matches', identity: undefined })
    expect(refused.message).toContain(one.record)
    expect(refused.message).toContain(other.record)
  })

  test('error: the same person by name and birth date, but with another record number beside a shared one', async () => {
    await stored(bundleOf({ ...anna, identifier: [mr('conflict-1'), ssn('123-45-0002')] }))
    const refused = await upload(mercy, bundleOf({ ...anna, identifier: [mr('conflict-2'), ssn('123-45-0002')] }))
    expect(refused.identity?.differs).toEqual(['identifier'])
  })

  test('a number that several people share does not stop them from having records of their own', async () => {
    const ward = { system: 'urn:ward', value: '98' }
    const first = await stored(bundleOf({ ...anna, identifier: [mr('ward-1'), ward] }))
    const second = await stored(bundleOf({ ...bob, identifier: [mr('ward-2'), ward] }))
    expect([first.created, second.created]).toEqual([true, true])
    const carla = { ...anna, name: [{ family: 'Carlsen', given: ['Carla'] }], identifier: [ward] }
    expect(await upload(mercy, bundleOf(carla))).toMatchObject({ code: 'record/several-matches' })
    expect(await stored(bundleOf({ ...anna, identifier: [ward] }))).toMatchObject({ record: first.record })
  })

  test('a patient known by one identifier is found by the others that came with it', async () => {
    const first = await stored(bundleOf({ ...anna, identifier: [mr('other-1'), ssn('123-45-0003')] }))
    expect(await stored(bundleOf({ ...anna, identifier: [ssn('123-45-0003')] }, 'Asthma'))).toMatchObject({ record: first.record })
    expect(await stored(bundleOf({ ...anna, identifier: [mr('other-1')] }, 'Gout'))).toMatchObject({ record: first.record, version: 3 })
  })
})

describe('confirming that it is the same person', () => {
  const married = { ...anna, name: [{ family: 'Bakke', given: ['Anna'] }] }

  test('a changed name is stored once staff confirm it, and from then on is the name', async () => {
    const first = await stored(bundleOf({ ...anna, identifier: [mr('married')] }, 'Asthma'))
    const { identity } = await upload(mercy, bundleOf({ ...married, identifier: [mr('married')] }, 'Gout'))
    const confirmed = await upload(mercy, bundleOf({ ...married, identifier: [mr('married')] }, 'Gout'), identity?.confirmation)
    expect(confirmed).toMatchObject({ status: 200, record: first.record, version: 2 })
    expect(await recordOf(first.record)).toMatchObject({ name: 'Anna Bakke', version: 2 })
    const { items } = await versionsOf(first.record)
    expect(items[0]).toMatchObject({
      version: 2,
      confirmed: ['name'],
      by: stage.account(LABELS.mercy).address,
      name: 'Anna Bakke',
      isCurrent: true,
    })
    expect(items[1]).toMatchObject({ version: 1, confirmed: [], name: 'Anna Abelsen', isCurrent: false })
    expect(await stored(bundleOf({ ...married, identifier: [mr('married')] }, 'Gout', 'Asthma'))).toMatchObject({ version: 3 })
  })

  test('error: a confirmation is worth nothing for other content, a later version, another account, another hour, or once used', async () => {
    const old = bundleOf({ ...anna, identifier: [mr('bound')] }, 'Asthma')
    const changed = bundleOf({ ...married, identifier: [mr('bound')] }, 'Gout')
    const ask = async (): Promise<string> => (await upload(mercy, changed)).identity?.confirmation ?? ''
    const refused = { status: 409, code: 'record/confirmation-outdated' }
    const { record } = await stored(old)
    const first = await ask()
    expect(await upload(mercy, bundleOf({ ...married, identifier: [mr('bound')] }, 'Gout', 'HIV'), first)).toMatchObject(refused)
    expect(await upload(mercy, bundleOf({ ...bob, identifier: [mr('bound')] }, 'Gout'), first)).toMatchObject(refused)
    expect(await upload(mercy, bundleOf({ ...bob, identifier: [mr('unheard of')] }, 'Gout'), first)).toMatchObject(refused)
    expect(await upload(stclare, changed, first)).toMatchObject(refused)
    expect(await upload(mercy, changed, 'nonsense')).toMatchObject(refused)
    await stored(bundleOf({ ...anna, identifier: [mr('bound')] }, 'Asthma', 'Cough'))
    expect(await upload(mercy, changed, first)).toMatchObject(refused)
    const late = await ask()
    stage.pass(3_600)
    mercy = await stage.signIn(LABELS.mercy)
    stclare = await stage.signIn(LABELS.stclare)
    expect(await upload(mercy, changed, late)).toMatchObject(refused)
    const good = await ask()
    expect(
      await upload(
        mercy,
        changed,
        good.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ).toMatchObject(refused)
    expect(await upload(mercy, changed, good)).toMatchObject({ status: 200, record })
    await stored(bundleOf({ ...married, identifier: [mr('bound')] }, 'Cough'))
    expect(await upload(mercy, changed, good)).toMatchObject(refused)
  })
})

describe('versions of a record', () => {
  test('every upload with other content makes one, the same content again makes none, and each says who stored what', async () => {
    const of = (...diagnoses: string[]) => bundleOf({ ...anna, identifier: [mr('versions')] }, ...diagnoses)
    const { record } = await stored(of('Asthma'))
    stage.pass(60)
    expect(await stored(of('Asthma', 'Gout'))).toMatchObject({ version: 2, isUnchanged: false })
    expect(await stored(of('Asthma', 'Gout'))).toMatchObject({ version: 2, isUnchanged: true })
    expect(await diagnosesOf(record)).toEqual(['Asthma', 'Gout'])
    const { items, isComplete } = await versionsOf(record)
    expect(isComplete).toBe(true)
    expect(items.map(({ version, resources, how }) => [version, resources, how])).toEqual([
      [2, 3, 'upload'],
      [1, 2, 'upload'],
    ])
    expect(items[0]?.categories).toEqual(expect.arrayContaining([expect.objectContaining({ category: 'conditions', count: 2 })]))
    expect(items[0]?.madeAtS).toBe((items[1]?.madeAtS ?? 0) + 60)
  })

  test('an earlier one is restored as a new one, under a key of its own, with who did it and why; identifiers come back with it', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('restored'), ssn('123-45-0010')] }, 'Asthma'))
    const wrong = bundleOf({ ...bob, identifier: [mr('restored'), ssn('123-45-0011')] }, 'Gout')
    await upload(mercy, wrong, (await upload(mercy, wrong)).identity?.confirmation)
    expect(await diagnosesOf(record)).toEqual(['Gout'])
    expect(await restore(record, 1, 2)).toEqual({ status: 200, code: '' })
    expect(await diagnosesOf(record)).toEqual(['Asthma'])
    expect(await recordOf(record)).toMatchObject({ name: 'Anna Abelsen', version: 3 })
    const { items, isComplete } = await versionsOf(record)
    expect(isComplete).toBe(true)
    expect(items[0]).toMatchObject({ how: 'restore', fromVersion: 1, reason: 'wrong-patient', by: stage.account(LABELS.mercy).address })
    expect(await stored(bundleOf({ ...bob, identifier: [ssn('123-45-0011')] }))).toMatchObject({ created: true })
    expect(await stored(bundleOf({ ...anna, identifier: [ssn('123-45-0010')] }, 'Cough'))).toMatchObject({ record, version: 4 })
    const rows = await stage.everyRow()
    const keys = rows
      .filter((row) => row.includes(record) && row.startsWith('t_mercy.record_versions'))
      .map((row) => /wrapped_key=(\w+)/.exec(row)?.[1])
    expect(new Set(keys).size).toBe(4)
  })

  test('error: what cannot be restored, and a second change in between', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('unrestored')] }, 'Asthma'))
    await stored(bundleOf({ ...anna, identifier: [mr('unrestored')] }, 'Gout'))
    expect(await restore(record, 1, 1)).toMatchObject({ code: 'record/version-changed' })
    expect(await restore(record, 2, 2)).toMatchObject({ code: 'record/version-is-current' })
    expect(await restore(record, 7, 2)).toMatchObject({ status: 404, code: 'record/no-such-version' })
    expect(await restore(record, 1, 2, mercy, 'because')).toMatchObject({ code: 'input/invalid' })
    expect((await restore('11111111-1111-4111-8111-111111111111', 1, 2)).code).toBe('record/other-hospital')
    const both = await Promise.all([restore(record, 1, 2), restore(record, 1, 2)])
    expect(both.map(({ code }) => code).sort()).toEqual(['', 'record/version-changed'])
  })

  test('error: a version whose identifier belongs to another record by now is not restored', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('taken'), ssn('123-45-0020')] }, 'Asthma'))
    await stored(bundleOf({ ...anna, identifier: [mr('taken'), ssn('123-45-0021')] }, 'Asthma'))
    await stored(bundleOf({ ...bob, identifier: [ssn('123-45-0020')] }))
    expect(await restore(record, 1, 2)).toMatchObject({ status: 409, code: 'record/several-matches' })
  })

  test('error: only staff of the hospital that holds the record see, confirm and restore', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('whose')] }, 'Asthma'))
    await stored(bundleOf({ ...anna, identifier: [mr('whose')] }, 'Gout'))
    const [patient, researcher] = [await stage.signIn(LABELS.patient), await stage.signIn(LABELS.research)]
    for (const [client, code] of [
      [stclare, 'record/other-hospital'],
      [patient, 'auth/forbidden'],
      [researcher, 'auth/forbidden'],
    ] as const) {
      expect((await restore(record, 1, 2, client)).code).toBe(code)
      for (const path of [`/hospital/records/${record}`, `/hospital/records/${record}/versions`])
        expect(errorAnswerSchema.parse((await client.json('GET', path)).body).code).toBe(code)
    }
    const nobody = await fetch(`${stage.origin}/api/hospital/records/${record}/versions/1/restore`, { method: 'POST' })
    expect(nobody.status).toBe(401)
    expect(await diagnosesOf(record)).toEqual(['Gout'])
  })

  test('two uploads of one patient at the same moment are both there, one after the other', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('at-once')] }))
    const diagnoses = ['Asthma', 'Gout', 'Cough', 'Flu']
    const all = await Promise.all(diagnoses.map((text) => stored(bundleOf({ ...anna, identifier: [mr('at-once')] }, text))))
    expect(all.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5])
    expect((await versionsOf(record)).items).toHaveLength(5)
    const last = all.findIndex(({ version }) => version === 5)
    expect(await diagnosesOf(record)).toEqual([diagnoses[last]])
  })

  test('reading while uploads go on gives one version, whole', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('reading')] }, 'v0', 'v0'))
    let isOver = false
    const uploads = (async () => {
      for (let turn = 1; turn < 8; turn += 1) await stored(bundleOf({ ...anna, identifier: [mr('reading')] }, `v${turn}`, `v${turn}`))
      isOver = true
    })()
    while (!isOver) {
      const { summary, opened } = await stage.gateway.records.openWithSummary('mercy', record, ['conditions'])
      const texts = (opened.parts.get('conditions') ?? []).map(({ resource }) => JSON.stringify(resource['code']))
      expect([texts.length, new Set(texts).size, summary.resources]).toEqual([2, 1, 3])
    }
    await uploads
  })

  test('of more than fifty the oldest lose their content, and the list still says that they were there', async () => {
    const of = (turn: number) => bundleOf({ ...anna, identifier: [mr('many')] }, `v${turn}`)
    const { record } = await stored(of(1))
    for (let turn = 2; turn <= 50; turn += 1) expect((await stored(of(turn))).removedVersions).toBe(0)
    expect(await stored(of(51))).toMatchObject({ version: 51, removedVersions: 1 })
    const first = await versionsOf(record, mercy, '?limit=50')
    expect([first.items.length, first.isComplete]).toEqual([50, true])
    const rest = await versionsOf(record, mercy, `?limit=50&after=${first.next}`)
    expect(rest).toMatchObject({ items: [{ version: 1, isKept: false }], isComplete: true, next: null })
    expect(await restore(record, 1, 51)).toMatchObject({ code: 'record/version-removed' })
    expect(await countRows('SELECT part FROM record_parts WHERE record = $1 AND version = 1', [record])).toBe(0)
  })

  test('a record that is deleted takes all its versions along', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('deleted')] }, 'Asthma'))
    await stored(bundleOf({ ...anna, identifier: [mr('deleted')] }, 'Gout'))
    await sql('DELETE FROM records WHERE record = $1', [record])
    expect((await stage.everyRow()).filter((row) => row.includes(record))).toEqual([])
    expect(await stored(bundleOf({ ...bob, identifier: [mr('deleted')] }))).toMatchObject({ created: true })
  })

  test('the patient sees when the record was changed last and whether that took it back; data of the wrong patient is delivered no more', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('patient')] }, 'Asthma'))
    const issued = (await mercy.json('POST', `/hospital/records/${record}/enrolment-codes`)).body as { code: string }
    const patient = await stage.signIn(LABELS.otherPatient)
    await patient.json('POST', '/patient/enrolments', { code: issued.code })
    const seen = async () => patientRecordsSchema.parse((await patient.json('GET', '/patient/records')).body).items[0]
    const before = await seen()
    expect(before).toMatchObject({ record })
    expect(before?.change).toBeUndefined()
    const startS = stage.gateway.clock.nowS()
    stage.pass(100)
    await stored(bundleOf({ ...anna, identifier: [mr('patient')] }, 'Gout'))
    expect(await seen()).toMatchObject({ change: { isRestored: false, atS: startS + 100 } })
    stage.pass(100)
    await restore(record, 1, 2)
    expect(await seen()).toMatchObject({ record, change: { isRestored: true, atS: startS + 200 } })
    const { address } = stage.account(LABELS.otherPatient)
    const leaves = (madeAtS: number) => isStillLinked(stage.gateway.records, 'mercy', address, { madeAtS } as KeptRelease)
    // Made from version 1, from version 2 that staff found to be another patient's, and from version 3.
    expect(await Promise.all([99, 100, 200, 300].map((afterS) => leaves(startS + afterS)))).toEqual([true, false, false, true])
  })
})

describe('who can only write to the database', () => {
  test('error: cannot make an older version the current one, nor mix versions', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('swap')] }, 'Asthma'))
    await stored(bundleOf({ ...anna, identifier: [mr('swap')] }, 'Gout'))
    const damaged = { code: 'record/damaged' }
    await sql('UPDATE records SET version = 1 WHERE record = $1', [record])
    await expect(diagnosesOf(record)).rejects.toMatchObject(damaged)
    const fromList = '(SELECT wrapped_key FROM record_versions v WHERE v.record = records.record AND v.version = 1)'
    const kept = 'UPDATE records SET version = 2 WHERE record = $1'
    await stage.gateway.database.inTenant('mercy', async (tx) => {
      await tx.script('CREATE TABLE kept AS SELECT record, wrapped_key FROM records')
      await tx.run(`UPDATE records SET wrapped_key = ${fromList} WHERE record = $1`, [record])
    })
    await expect(diagnosesOf(record)).rejects.toMatchObject(damaged)
    await sql('UPDATE records SET wrapped_key = (SELECT wrapped_key FROM kept WHERE kept.record = records.record) WHERE record = $1', [
      record,
    ])
    await stage.gateway.database.inTenant('mercy', (tx) => tx.script('DROP TABLE kept'))
    await sql(kept, [record])
    expect(await diagnosesOf(record)).toEqual(['Gout'])
    const older = '(SELECT sealed FROM record_parts p WHERE p.record = $1 AND p.version = 1 AND p.part = record_parts.part)'
    await sql(`UPDATE record_parts SET sealed = ${older} WHERE record = $1 AND version = 2`, [record])
    await expect(diagnosesOf(record)).rejects.toMatchObject(damaged)
  })

  test('error: an entry that is changed, swapped or taken out of the list of versions is noticed', async () => {
    const make = async (mark: string): Promise<string> => {
      const { record } = await stored(bundleOf({ ...anna, identifier: [mr(mark)] }, 'Asthma'))
      for (const text of ['Gout', 'Cough']) await stored(bundleOf({ ...anna, identifier: [mr(mark)] }, text))
      return record
    }
    const [swapped, removed, last, other] = [await make('list-1'), await make('list-2'), await make('list-3'), await make('list-4')]
    await sql(
      `UPDATE record_versions v SET sealed = (SELECT sealed FROM record_versions o WHERE o.record = v.record AND o.version = 1) WHERE record = $1 AND version = 2`,
      [swapped],
    )
    await sql('DELETE FROM record_versions WHERE record = $1 AND version = 2', [removed])
    await sql('DELETE FROM record_versions WHERE record = $1 AND version = 3', [last])
    for (const record of [swapped, removed, last]) expect((await versionsOf(record)).isComplete).toBe(false)
    expect((await versionsOf(other)).isComplete).toBe(true)
    expect((await versionsOf(other, mercy, '?limit=2')).isComplete).toBe(true)
  })

  test('error: cannot lead an upload to another record by a row of identifiers', async () => {
    const target = await stored(bundleOf({ ...anna, identifier: [mr('planted-1')] }, 'Asthma'))
    const source = await stored(bundleOf({ ...anna, identifier: [mr('planted-2')] }, 'Gout'))
    await sql('UPDATE record_identifiers SET record = $1 WHERE record = $2', [target.record, source.record])
    expect(await upload(mercy, bundleOf({ ...anna, identifier: [mr('planted-2')] }, 'HIV'))).toMatchObject({ code: 'record/damaged' })
    expect(await diagnosesOf(target.record)).toEqual(['Asthma'])
  })
})

describe('records from before identifiers had to have a system', () => {
  /** Turns a record into what the version before this one would have stored. */
  async function makeOld(record: HospitalRecord['record'], identifier: string): Promise<void> {
    const keys = new KeyRing(await readMasterKey(stage.variables['MASTER_KEY_FILE'] ?? ''))
    const opened = await stage.gateway.records.openParts('mercy', record, ['conditions', 'demographics'])
    const summary = await stage.gateway.records.summaryOf('mercy', record)
    const { gzipSync } = await import('node:zlib')
    const key = newKey()
    await stage.gateway.database.inTenant('mercy', async (tx) => {
      for (const table of ['record_versions', 'record_parts', 'record_identifiers'])
        await tx.run(`DELETE FROM ${table} WHERE record = $1`, [record])
      const parts: [string, string][] = [...opened.parts].map(([part, entries]) => [
        part,
        entries.map((entry) => JSON.stringify(entry)).join('\n'),
      ])
      for (const [part, plain] of [...parts, ['summary', JSON.stringify(summary)] as const])
        await tx.run('INSERT INTO record_parts (record, version, part, sealed) VALUES ($1, 1, $2, $3)', [
          record,
          part,
          seal(key, gzipSync(plain), `mercy|${record}|part|${part}`),
        ])
      await tx.run('UPDATE records SET version = 1, is_indexed = false, patient_hash = $2, wrapped_key = $3 WHERE record = $1', [
        record,
        keyedHash(keys.ofTenant('mercy', 'patient-hash'), identifier),
        seal(keys.ofTenant('mercy', 'record-wrap'), key, `mercy|${record}|key`),
      ])
    })
  }

  test('are read, found by system and value, and get versions', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('old-1'), ssn('123-45-0030')] }, 'Asthma'))
    await makeOld(record, JSON.stringify(['http://mrn.example', 'old-1']))
    expect(await diagnosesOf(record)).toEqual(['Asthma'])
    expect(await stored(bundleOf({ ...anna, identifier: [ssn('123-45-0030')] }, 'Gout'))).toMatchObject({
      record,
      created: false,
      version: 2,
    })
    expect(await versionsOf(record)).toMatchObject({ isComplete: true, items: [{ version: 2 }, { version: 1, name: 'Anna Abelsen' }] })
    expect(await restore(record, 1, 2)).toMatchObject({ status: 200 })
    expect(await diagnosesOf(record)).toEqual(['Asthma'])
  })

  test('error: of another name are not replaced without a confirmation', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('old-2')] }, 'Asthma'))
    await makeOld(record, JSON.stringify(['http://mrn.example', 'old-2']))
    expect((await upload(mercy, bundleOf({ ...bob, identifier: [mr('old-2')] }))).identity).toMatchObject({
      record,
      differs: ['name', 'birthDate'],
    })
  })

  test('that were found by a number without system are neither replaced nor doubled without a word', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [{ value: 'old-3' }] }, 'Asthma'))
    await makeOld(record, JSON.stringify(['', 'old-3']))
    const before = await countRows('SELECT record FROM records')
    for (const identifier of [{ value: 'old-3' }, mr('old-3')]) {
      const asked = await upload(mercy, bundleOf({ ...anna, identifier: [identifier] }, 'Gout'))
      expect(asked.identity).toMatchObject({ record, differs: ['identifier'] })
    }
    expect(await countRows('SELECT record FROM records')).toBe(before)
    expect(await stored(bundleOf({ ...bob, identifier: [{ value: 'old-3' }] }))).toMatchObject({ created: true })
    const named = bundleOf({ ...anna, identifier: [mr('old-3')] }, 'Gout')
    const { identity } = await upload(mercy, named)
    expect(await upload(mercy, named, identity?.confirmation)).toMatchObject({ status: 200, record, version: 2 })
    expect(await stored(bundleOf({ ...anna, identifier: [mr('old-3')] }, 'Cough'))).toMatchObject({ record, version: 3 })
  })

  test('error: that cannot be opened are replaced only after a confirmation, and later uploads find them', async () => {
    const { record } = await stored(bundleOf({ ...anna, identifier: [mr('old-4')] }, 'Asthma'))
    await makeOld(record, JSON.stringify(['http://mrn.example', 'old-4']))
    await sql(`UPDATE record_parts SET sealed = substring(sealed FROM 2) WHERE record = $1`, [record])
    const again = bundleOf({ ...anna, identifier: [mr('old-4')] }, 'Gout')
    const { identity } = await upload(mercy, again)
    expect(identity?.record).toBe(record)
    expect(await upload(mercy, again, identity?.confirmation)).toMatchObject({ record, version: 2 })
    expect(await stored(bundleOf({ ...anna, identifier: [mr('old-4')] }, 'Cough'))).toMatchObject({ record, version: 3 })
    expect((await versionsOf(record)).items.at(-1)).toMatchObject({ version: 1, isKept: false })
  })
})
