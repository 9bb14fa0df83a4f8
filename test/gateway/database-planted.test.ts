import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  enrolmentCodeSchema,
  errorAnswerSchema,
  felt,
  hospitalRecordsSchema,
  patientRecordsSchema,
  type RecordId,
  signInTypedData,
  slugToOrganisationId,
  uploadSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import * as z from 'zod'
import { FollowedChain } from '../../services/gateway/src/chain/followedChain.ts'
import { openDatabase } from '../../services/gateway/src/database/openDatabase.ts'
import { Links } from '../../services/gateway/src/enrolment/links.ts'
import { keyedHash } from '../../services/gateway/src/keys/keyRing.ts'
import { condition, smallBundle } from './records-bundles.ts'
import { type Client, LABELS, post, type RecordsStage, raiseRecords, sign } from './records-stage.ts'

const ORIGIN = 'http://127.0.0.1:18100'
const anyRow = z.record(z.string(), z.unknown())
let stage: RecordsStage
let mercy: Client
let patient: Client
let other: Client
let people = 0

beforeAll(async () => {
  stage = await raiseRecords({ salt: '0x706c616e746564' })
})
afterAll(() => stage.stop())
beforeEach(async () => {
  stage.pass(3_600)
  mercy = await stage.signIn(LABELS.mercy)
  patient = await stage.signIn(LABELS.patient)
  other = await stage.signIn(LABELS.otherPatient)
  for (const { record } of await listed()) await mercy.json('DELETE', `/hospital/records/${record}/link`)
})

const inMercy = (sql: string, values: readonly (string | number | Uint8Array | null)[] = []): Promise<number> =>
  stage.gateway.database.inTenant('mercy', (tx) => tx.run(sql, values))
const inShared = (sql: string, values: readonly (string | number | Uint8Array | null)[] = []): Promise<number> =>
  stage.gateway.database.inShared((tx) => tx.run(sql, values))

/** Copies of all rows of a table of Mercy, to be put back later exactly as they were. */
async function copyOut(table: string): Promise<() => Promise<void>> {
  await inMercy(`DROP TABLE IF EXISTS copied_${table}`)
  await inMercy(`CREATE TABLE copied_${table} AS SELECT * FROM ${table}`)
  return async () => {
    await inMercy(`DELETE FROM ${table}`)
    await inMercy(`INSERT INTO ${table} SELECT * FROM copied_${table}`)
  }
}

async function listed(): Promise<{ record: RecordId; linkedAtS: number | null }[]> {
  return hospitalRecordsSchema.parse((await mercy.json('GET', '/hospital/records')).body).items
}

async function newRecord(): Promise<RecordId> {
  people += 1
  const body = JSON.stringify(smallBundle(`person-${people}`, [condition(`person-${people}`, 'Asthma')]))
  const answer = await mercy.send('/hospital/bundles', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  return uploadSchema.parse(await answer.json()).record
}

async function newCode(record: RecordId): Promise<string> {
  return enrolmentCodeSchema.parse((await mercy.json('POST', `/hospital/records/${record}/enrolment-codes`)).body).code
}

async function redeem(client: Client, code: string): Promise<string> {
  const { status, body } = await client.json('POST', '/patient/enrolments', { code })
  return status === 201 ? 'linked' : errorAnswerSchema.parse(body).code
}

async function recordsOf(client: Client): Promise<string[]> {
  return patientRecordsSchema.parse((await client.json('GET', '/patient/records')).body).items.map(({ record }) => record)
}

/** What may be released of an account's record, and what the circle is told, as seen by the rest of the gateway. */
async function isLinked(client: Client): Promise<boolean> {
  return (await stage.gateway.records.recordAt('mercy', client.session.account)) !== undefined
}

async function refresh(token: string): Promise<number> {
  const headers = { cookie: `medsync_refresh=${token}`, origin: ORIGIN }
  return (await fetch(`${stage.origin}/api/auth/refresh`, { method: 'POST', headers })).status
}

describe('whoever can write to the database, without the master key', () => {
  test('error: signs nobody in by a refresh token of their own', async () => {
    const token = randomBytes(32).toString('base64url')
    const nowS = stage.gateway.clock.nowS()
    for (const hash of [createHash('sha256').update(token).digest(), Buffer.from(token)]) {
      await inShared(
        `INSERT INTO refresh_tokens (token_hash, family, account, signed_in_at_s, issued_at_s, expires_at_s, mac)
         VALUES ($1, $2, $3, $4, $4, $5, $6)`,
        [hash, randomUUID(), mercy.session.account, nowS, nowS + 86_400, randomBytes(32)],
      )
    }
    expect(await refresh(token)).toBe(401)
  })

  test('error: turns their own refresh token into nobody else’s, and into none that lives longer', async () => {
    for (const change of ['account = $2', `expires_at_s = expires_at_s + 1, account = account || left($2, 0)`]) {
      const own = await stage.signIn(LABELS.otherPatient)
      await inShared(`UPDATE refresh_tokens SET ${change} WHERE account = $1`, [own.session.account, mercy.session.account])
      expect(await refresh(own.cookie.split('=')[1] ?? '')).toBe(401)
    }
  })

  test('error: starts no sign-in', async () => {
    const expiresAtS = stage.gateway.clock.nowS() + 300
    const account = patient.session.account
    const nonce = felt(`0x${randomBytes(31).toString('hex')}`)
    await inShared('INSERT INTO challenges (nonce, account, expires_at_s) VALUES ($1, $2, $3)', [nonce, account, expiresAtS])
    const typedData = signInTypedData({ chainId: stage.deployment.chainId, origin: ORIGIN, account, nonce, expiresAtS })
    const signature = await sign(inject('devnetRpcUrl'), stage.accounts, LABELS.patient, typedData)
    const answer = await post(`${stage.origin}/api/auth/session`, { account, nonce, signature })
    expect([answer.status, errorAnswerSchema.parse(await answer.json()).code]).toEqual([401, 'auth/nonce-unknown'])
  })

  test('error: links no account to a record', async () => {
    const record = await newRecord()
    await newCode(record)
    const nowS = stage.gateway.clock.nowS()
    await inMercy(
      'INSERT INTO links (record, account, linked_at_s, number, mac) SELECT $1::uuid, $2, $3, number, mac FROM link_states WHERE record = $1::uuid',
      [record, other.session.account, nowS],
    )
    expect(await recordsOf(other)).toEqual([])
    expect(await isLinked(other)).toBe(false)
    expect((await listed()).find((each) => each.record === record)?.linkedAtS).toBeNull()
    expect(stage.log.some((line) => line.includes('link.not-authentic') && line.includes(record))).toBe(true)
    // The row is in nobody's way.
    expect(await redeem(patient, await newCode(record))).toBe('linked')
    expect([await recordsOf(patient), await recordsOf(other)]).toEqual([[record], []])
  })

  test('error: swaps no two links', async () => {
    const [mine, theirs] = [await newRecord(), await newRecord()]
    expect(await redeem(patient, await newCode(mine))).toBe('linked')
    expect(await redeem(other, await newCode(theirs))).toBe('linked')
    const account = (client: Client): string => client.session.account
    for (const column of ['account', 'account, linked_at_s, number, mac']) {
      await inMercy('DROP TABLE IF EXISTS swapped')
      await inMercy('CREATE TABLE swapped AS SELECT * FROM links')
      await inMercy('DELETE FROM links')
      await inMercy(
        `INSERT INTO links (record, linked_at_s, number, mac, account)
         SELECT a.record, ${column === 'account' ? 'a.linked_at_s, a.number, a.mac' : 'b.linked_at_s, b.number, b.mac'}, b.account
         FROM swapped a JOIN swapped b ON a.record <> b.record WHERE a.account IN ($1, $2) AND b.account IN ($1, $2)`,
        [account(patient), account(other)],
      )
      expect([await recordsOf(patient), await recordsOf(other)]).toEqual([[], []])
      await inMercy('DELETE FROM links')
      await inMercy('INSERT INTO links SELECT * FROM swapped')
      expect([await recordsOf(patient), await recordsOf(other)]).toEqual([[mine], [theirs]])
    }
  })

  test('error: brings no link back that has ended, by its row, nor by all rows about links', async () => {
    const record = await newRecord()
    expect(await redeem(other, await newCode(record))).toBe('linked')
    const [putBackLinks, putBackStates, putBackCodes] = [
      await copyOut('links'),
      await copyOut('link_states'),
      await copyOut('enrolment_codes'),
    ]
    expect((await mercy.json('DELETE', `/hospital/records/${record}/link`)).status).toBe(204)
    await putBackLinks()
    expect([await recordsOf(other), await isLinked(other)]).toEqual([[], false])
    await putBackStates()
    await putBackCodes()
    expect([await recordsOf(other), await isLinked(other)]).toEqual([[], false])
  })

  test('error: uses no code for another record, twice, or after it was replaced', async () => {
    const [mine, theirs] = [await newRecord(), await newRecord()]
    const code = await newCode(mine)
    await newCode(theirs)
    await inMercy('UPDATE enrolment_codes SET record = $1 WHERE record = $2', [theirs, mine])
    expect(await redeem(other, code)).toBe('enrolment/unknown-code')

    const first = await newCode(mine)
    const putBack = await copyOut('enrolment_codes')
    const second = await newCode(mine)
    await putBack()
    expect(await redeem(other, first)).toBe('enrolment/unknown-code')
    expect(await redeem(other, second)).toBe('enrolment/unknown-code')

    const third = await newCode(mine)
    const putBackUnused = await copyOut('enrolment_codes')
    expect(await redeem(other, third)).toBe('linked')
    expect((await mercy.json('DELETE', `/hospital/records/${mine}/link`)).status).toBe(204)
    await putBackUnused()
    expect(await redeem(other, third)).toBe('enrolment/unknown-code')
    await inMercy('DELETE FROM link_states')
    expect(await redeem(other, third)).toBe('enrolment/unknown-code')
  })

  test('error: confirms no hospital in a patient’s name', async () => {
    const { database, keys } = stage.gateway
    const { ConfirmedHospitals } = await import('../../services/gateway/src/context/confirmedHospitals.ts')
    const confirmed = new ConfirmedHospitals({ database, keys })
    const [mine, theirs] = [slugToOrganisationId('mercy'), slugToOrganisationId('lakeside')]
    await confirmed.add(patient.session.account, mine)
    await inShared('INSERT INTO context_hospitals (patient_hash, hospital, mac) SELECT patient_hash, $1, mac FROM context_hospitals', [
      theirs,
    ])
    expect(await confirmed.of(patient.session.account)).toEqual([mine])
    await confirmed.remove(patient.session.account, theirs)
    await confirmed.add(patient.session.account, theirs)
    expect(await confirmed.of(patient.session.account)).toEqual([theirs, mine].sort())
  })
})

describe('events of the chain in the database', () => {
  test('error: an operator who is written in by hand has no role, and one whose end is taken away has none again', async () => {
    const { database, deployment, keys, clock, log, chain } = stage.gateway
    const account = other.session.account
    await chain.stop()
    const follow = async (): Promise<FollowedChain> => {
      const again = new FollowedChain({ deployment, database, keys, clock, log, everyMs: 100 })
      again.start()
      await expect.poll(() => again.isCaughtUp(), { timeout: 20_000 }).toBe(true)
      await again.stop()
      return again
    }
    const before = z.array(anyRow)
    const rows = () =>
      database.inShared((tx) =>
        tx.rows(anyRow, 'SELECT event, mac FROM chain_events ORDER BY block_number, transaction_index, event_index'),
      )
    const whole = before.parse(await rows())
    const forged = JSON.stringify({
      type: 'OperatorAdded',
      id: slugToOrganisationId('mercy'),
      operator: account,
      at: { blockNumber: 0, transactionIndex: 0, eventIndex: 0, transaction: '0x1' },
    })
    const attacks = [
      `INSERT INTO chain_events (block_number, transaction_index, event_index, event, mac)
       SELECT 0, 0, 0, '${forged}'::jsonb, mac FROM chain_events LIMIT 1`,
      `UPDATE chain_events SET event = jsonb_set(event, '{operator}', '"${account}"') WHERE event->>'type' = 'OperatorAdded'`,
      `DELETE FROM chain_events WHERE ctid IN (SELECT ctid FROM chain_events ORDER BY block_number DESC, transaction_index DESC, event_index DESC LIMIT 1)`,
      `UPDATE chain_events SET block_number = block_number + 1000000000 WHERE ctid IN (SELECT ctid FROM chain_events
         ORDER BY block_number DESC, transaction_index DESC, event_index DESC LIMIT 1)`,
      `UPDATE chain_cursor SET cursor = jsonb_set(cursor, '{blockNumber}', '0')`,
      'DELETE FROM chain_cursor',
    ]
    for (const attack of attacks) {
      stage.log.length = 0
      expect(await inShared(attack)).toBeGreaterThan(0)
      const again = await follow()
      expect(again.organisationOf(account)).toBeUndefined()
      expect(again.organisationOf(mercy.session.account)?.organisation).toBe(slugToOrganisationId('mercy'))
      expect(stage.log.some((line) => line.includes('chain.events-not-authentic'))).toBe(attack !== 'DELETE FROM chain_cursor')
      expect(before.parse(await rows())).toEqual(whole)
    }
    stage.log.length = 0
    await follow()
    expect(stage.log.some((line) => line.includes('chain.events-not-authentic'))).toBe(false)
  })
})

describe('a database of an older version', () => {
  test('keeps its links at the first start, and trusts no row without an authenticator after that', async () => {
    const old = await raiseRecords({ salt: '0x706c616e746564' })
    const { gateway } = old
    const { env, tenants, keys, clock, log } = gateway
    const [record, later] = [randomUUID(), randomUUID()]
    const account = old.account(LABELS.patient).address
    const insertRecord = (id: string, sealed: string): Promise<number> =>
      gateway.database.inTenant('mercy', (tx) =>
        tx.run(
          `INSERT INTO records (record, patient_hash, wrapped_key, created_at_s, uploaded_at_s, uploaded_by) VALUES ($1, $2, $2, 1, 1, 'x')`,
          [id, Buffer.from(sealed)],
        ),
      )
    await insertRecord(record, 'a')
    await insertRecord(later, 'b')
    await gateway.database.inTenant('mercy', (tx) =>
      tx.run('INSERT INTO links (record, account, linked_at_s) VALUES ($1, $2, 1000)', [record, account]),
    )
    const legacy = keyedHash(keys.shared('master-key-check'), 'this database')
    await gateway.database.inShared((tx) => tx.run('UPDATE master_key SET proof = $1', [legacy]))
    await gateway.stop()

    const links = new Links({ keys, clock, log })
    const first = await openDatabase({ env, tenants, keys, clock, log })
    expect(await first.inTenant('mercy', (tx) => links.ofAccount(tx, 'mercy', account))).toEqual({ record, account, linkedAtS: 1_000 })
    const stranger = old.account(LABELS.otherPatient).address
    await first.inTenant('mercy', (tx) =>
      tx.run('INSERT INTO links (record, account, linked_at_s) VALUES ($1, $2, 1000)', [later, stranger]),
    )
    await first.inShared((tx) => tx.run('DELETE FROM master_key'))
    await first.close()

    const second = await openDatabase({ env, tenants, keys, clock, log })
    expect(await second.inTenant('mercy', (tx) => links.ofAccount(tx, 'mercy', stranger))).toBeUndefined()
    expect(await second.inTenant('mercy', (tx) => links.ofAccount(tx, 'mercy', account))).toBeDefined()
    await second.close()
    await old.stop()
  })
})
