import {
  appendBatchCalls,
  appendEmergencyCalls,
  closeStudyCalls,
  compensatePatientCalls,
  disputeSingleCalls,
  readBatches,
  readOwed,
  readPatientLog,
  readStudy,
  resolveDisputeCalls,
} from '@medsync/chain'
import {
  type Access,
  accessesSchema,
  type Felt,
  fileDisputeSchema,
  journalSchema,
  type LiveEvent,
  newSalt,
  purposeOf,
  requestIdSchema,
  type StudyId,
  singleEntries,
  singleId,
  splitPrice,
  statementHash,
  studiesSchema,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../scripts/demo/person.ts'
import { ask, DAY_S, ended, enrol, grant, MERCY, openStudy, PRICE, publishKey, STCLARE, until } from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

const BOND = 7n
const WORDS = 'I was never asked for this ZqWords.'

let stage: AccessStage
let mercy: Person
let alice: Person
let bob: Person
let northgate: Person
let governance: Person
let study: StudyId
let token: Felt
const told: LiveEvent[] = []

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  bob = await stage.signedIn(LABELS.bob)
  northgate = await stage.signedIn(LABELS.northgate)
  governance = stage.person(LABELS.governance)
  token = stage.deployment.tokens[0]?.address ?? ZERO
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await enrol(mercy, bob, markedBundle('ZqBob'))
  await publishKey(northgate)
  study = await openStudy(northgate, { bond: BOND, answerWithinS: 60 }, 10n * PRICE)
  stage.gateway.events.subscribe(({ event }) => void told.push(event))
  for (const person of [alice, bob]) {
    const consent = await grant(person)
    const { digest } = await ask(northgate, { study, patient: person, commitment: consent.commitment })
    await ended(northgate, digest)
  }
  await stage.caughtUp()
})
afterAll(() => stage?.stop())

const accessesOf = async (person: Person): Promise<Access[]> =>
  (await person.ask('GET', '/patient/accesses?limit=200', accessesSchema)).items

/** Disputes an entry as the patient's browser does; returns what it is filed under. */
async function dispute(person: Person, index: number, statement: Felt): Promise<Felt> {
  const [items, log] = [await accessesOf(person), await readPatientLog(stage.deployment, person.address)]
  verifyEntries(items, log)
  const entry = singleEntries(log.place, items)[index - 1]
  if (entry === undefined) throw new RangeError('no entry')
  await person.send(disputeSingleCalls(stage.deployment, { entry, statement }))
  await stage.caughtUp()
  return singleId(log.place, entry)
}

async function file(person: Person, hospital = MERCY): Promise<Felt> {
  const salt = newSalt()
  const statement = statementHash(WORDS, salt)
  await person.ask('POST', '/patient/disputes', fileDisputeSchema, { hospital, statement, text: WORDS, salt })
  return statement
}

describe('an emergency', () => {
  test('stands in the patient’s list with the reason that the hospital gave on chain', async () => {
    const reason = 'BTG'
    const digest = newSalt()
    await stage.person(LABELS.mercyGateway).send(appendEmergencyCalls(stage.deployment, { patient: alice.address, reason, digest }))
    await stage.caughtUp()
    const items = await accessesOf(alice)
    expect(items.at(-1)).toMatchObject({ kind: 3, reference: purposeOf(reason).index, digest, details: null, reward: null, dispute: null })
    verifyEntries(items, await readPatientLog(stage.deployment, alice.address))
  })
})

describe('a batch', () => {
  test('is no entry of anybody’s single list, which stays whole; the chain counts it', async () => {
    await stage.person(LABELS.mercyGateway).send(appendBatchCalls(stage.deployment, { root: newSalt() }))
    await stage.caughtUp()
    expect((await readBatches(stage.deployment)).count).toBe(1)
    verifyEntries(await accessesOf(alice), await readPatientLog(stage.deployment, alice.address))
  })
})

describe('a dispute', () => {
  let entryId: Felt

  test('is shown with the patient’s own words, which nobody else reads and no table has in clear', async () => {
    const statement = await file(alice)
    entryId = await dispute(alice, 1, statement)
    const [entry, ...others] = await accessesOf(alice)
    expect(entry?.dispute).toMatchObject({ state: 'open', statement, text: WORDS })
    expect(others.every((each) => each.dispute === null)).toBe(true)
    expect((await accessesOf(bob)).every((each) => each.dispute === null)).toBe(true)
    expect(told.filter(({ type }) => type === 'dispute.opened')).toEqual(Array(2).fill({ type: 'dispute.opened', entry: entryId }))
    expect((await stage.everyRow()).filter((row) => row.includes('ZqWords'))).toEqual([])
    expect(stage.log.filter((line) => line.includes('ZqWords'))).toEqual([])
    expect(stage.gateway.chain.state.pool.study(study)).toMatchObject({ openDisputes: 1 })
  })

  test('of somebody who kept their words to themselves is shown without any', async () => {
    await dispute(bob, 1, statementHash(WORDS, newSalt()))
    expect((await accessesOf(bob))[0]?.dispute).toMatchObject({ state: 'open', text: null })
  })

  test('is upheld or rejected, and stays so after a restart', async () => {
    await governance.send(resolveDisputeCalls(stage.deployment, { patient: alice.address, entryId, isUpheld: true }))
    const log = await readPatientLog(stage.deployment, bob.address)
    const [link] = await accessesOf(bob)
    if (link === undefined) throw new RangeError('no entry')
    const ofBob = singleId(log.place, link)
    await governance.send(resolveDisputeCalls(stage.deployment, { patient: bob.address, entryId: ofBob, isUpheld: false }))
    await stage.caughtUp()
    await stage.stopGateway()
    await stage.startGateway()
    expect((await accessesOf(alice))[0]?.dispute).toMatchObject({ state: 'upheld', text: WORDS })
    // The patient and the hospital hear of each.
    expect(told.filter(({ type }) => type === 'dispute.resolved')).toHaveLength(4)
    expect((await accessesOf(bob))[0]?.dispute).toMatchObject({ state: 'rejected', text: null })
    const journal = await mercy.ask('GET', '/hospital/journal', journalSchema)
    expect(journal.items.map(({ details, dispute }) => [details.patient, dispute])).toEqual([
      [bob.address, 'rejected'],
      [alice.address, 'upheld'],
    ])
    expect(JSON.stringify(journal)).not.toContain('ZqWords')
    expect(stage.gateway.chain.state.pool.study(study)).toMatchObject({ openDisputes: 0, upheld: 1 })
  })

  test('error: words that are not those of the hash, and a hospital that wrote nothing about the patient', async () => {
    const body = { hospital: MERCY, statement: newSalt(), text: WORDS, salt: newSalt() }
    const wrong = alice.ask('POST', '/patient/disputes', fileDisputeSchema, body)
    await expect(wrong).rejects.toMatchObject({ code: 'dispute/mismatch', status: 400 })
    await expect(file(alice, STCLARE)).rejects.toMatchObject({ code: 'input/not-found', status: 404 })
    await expect(file(northgate)).rejects.toMatchObject({ code: 'auth/forbidden' })
  })

  test('error: the same entry a second time', async () => {
    await expect(dispute(alice, 1, newSalt())).rejects.toMatchObject({ code: 'Log: already disputed' })
  })
})

describe('a study that is closed', () => {
  const viewOfStudy = async () =>
    (await northgate.ask('GET', '/research/studies', studiesSchema)).items.find((each) => each.study === study)

  test('error: not before the patients’ time to dispute is over', async () => {
    await expect(northgate.send(closeStudyCalls(stage.deployment, { study }))).rejects.toMatchObject({ code: 'Pool: too early to close' })
  })

  test('gives its funder the rest, keeps the bond for who was harmed, and is shown as closed', async () => {
    const view = await viewOfStudy()
    if (view === undefined) throw new RangeError('no study')
    await stage.passTime(view.closesAtS - stage.gateway.chain.nowS() + DAY_S)
    await northgate.send(closeStudyCalls(stage.deployment, { study }))
    const request = requestIdSchema.parse((await accessesOf(alice))[0]?.reference)
    await northgate.send(compensatePatientCalls(stage.deployment, { request }))
    await stage.caughtUp()
    const closed = await until(viewOfStudy, (found) => found?.state === 'closed')
    expect(closed).toMatchObject({ available: '0', openRequests: 0, settled: 2, cohort: 2, upheld: 1, bond: String(BOND) })
    const { pool } = stage.gateway.chain.state
    const { patient } = splitPrice(PRICE, 2_000n, 500n)
    const owed = await Promise.all([northgate, alice, bob].map(({ address }) => readOwed(stage.deployment, token, address)))
    expect(owed).toEqual([8n * PRICE, patient + BOND, patient])
    expect([northgate, alice, bob].map(({ address }) => pool.owed(token, address))).toEqual(owed)
    expect(pool.study(study)).toEqual({ study, ...(await readStudy(stage.deployment, study)) })
  })
})
