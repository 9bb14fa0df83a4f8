import { revokeConsentCalls } from '@medsync/chain'
import {
  enrolmentCodeSchema,
  enrolmentSchema,
  grantsSchema,
  patientConsentsSchema,
  releaseSchema,
  type StudyId,
  ZERO,
} from '@medsync/protocol'
import { type Devnet, devnetRpc, localAccount } from '@medsync/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../scripts/demo/person.ts'
import { accessToken } from './access-listen.ts'
import { ask, ended, enrol, grant, openStudy, publishKey, until } from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'
import { startDemandDevnet } from './chain-demandDevnet.ts'

let stage: AccessStage
let mercy: Person
let alice: Person
let northgate: Person
let study: StudyId
let devnet: Devnet
let blocks: NodeJS.Timeout

const resume = (): void => {
  blocks = setInterval(() => void devnetRpc(devnet.rpcUrl, 'devnet_createBlock').catch(() => undefined), 30)
}

beforeAll(async () => {
  stage = await AccessStage.raise(async () => {
    devnet = await startDemandDevnet()
    resume()
    return devnet
  })
  mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  northgate = await stage.signedIn(LABELS.northgate)
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await publishKey(northgate)
  study = await openStudy(northgate)
  clearInterval(blocks)
})
beforeEach(resume)
afterEach(() => clearInterval(blocks))
afterAll(() => stage?.stop())

describe('a revocation that is pre-confirmed', () => {
  test('stops deliveries and grants at once; its block destroys the data', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    const path = `/research/requests/${digest}/release`
    await northgate.ask('GET', path, releaseSchema)
    clearInterval(blocks)
    const wallet = localAccount(stage.deployment.rpcUrl, stage.accounts, LABELS.alice)
    await wallet.execute(revokeConsentCalls(stage.deployment, consent), { tip: 0n })
    await expect(northgate.ask('GET', path, releaseSchema)).rejects.toMatchObject({ code: 'release/destroyed', status: 410 })
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.every(({ commitment }) => commitment !== consent.commitment),
    )
    // Shown to the patient is what a block says; and the data is still there, for the revocation may yet fail.
    const { items } = await alice.ask('GET', '/patient/consents', patientConsentsSchema)
    expect(items.find(({ commitment }) => commitment === consent.commitment)?.state.status).toBe('active')
    const entry = stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)?.entry ?? ZERO
    expect((await stage.gateway.releases.find('mercy', entry))?.state).toBe('deliverable')
    resume()
    await until(
      () => stage.gateway.releases.find('mercy', entry),
      (release) => release?.state === 'destroyed',
    )
  })
})

describe('a link that the hospital ends', () => {
  test('takes the record out of the catalogue, and what was made under it leaves no more', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    const path = `/research/requests/${digest}/release`
    await northgate.ask('GET', path, releaseSchema)
    const [entry] = await stage.gateway.records.recordsOf(alice.address)
    expect(await stage.gateway.context.hospitalsOf(alice.address)).toEqual([entry?.hospital])
    const headers = { authorization: `Bearer ${await accessToken(stage, LABELS.mercy)}` }
    const ending = await fetch(`${stage.origin}/api/hospital/records/${entry?.record}/link`, { method: 'DELETE', headers })
    expect(ending.status).toBe(204)
    await expect(northgate.ask('GET', path, releaseSchema)).rejects.toMatchObject({ code: 'release/destroyed' })
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.every(({ hospitals }) => hospitals.length === 0),
    )
    const again = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, again.digest)).toMatchObject({ progress: 'refused', reason: 'record/not-linked' })
    const { code } = await mercy.ask('POST', `/hospital/records/${entry?.record}/enrolment-codes`, enrolmentCodeSchema)
    await alice.ask('POST', '/patient/enrolments', enrolmentSchema, { code })
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.some(({ hospitals }) => hospitals.length === 1),
    )
    await expect(northgate.ask('GET', path, releaseSchema)).rejects.toMatchObject({ code: 'release/destroyed' })
  })
})
