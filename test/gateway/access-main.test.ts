import { claimRewardCalls, readOwed, readPatientLog, readStudy, revokeConsentCalls } from '@medsync/chain'
import {
  accessesSchema,
  categoryOf,
  entryDigest,
  grantsSchema,
  journalSchema,
  patientConsentsSchema,
  releaseSchema,
  requestsSchema,
  splitPrice,
  studiesSchema,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import type { Person } from '../../scripts/demo/person.ts'
import { ask, type Consent, ended, enrol, grant, MERCY, NORTHGATE, openStudy, PRICE, publishKey, until, viewOf } from './access-play.ts'
import { AccessStage, LABELS, sample } from './access-stage.ts'

let stage: AccessStage
let mercy: Person
let alice: Person
let northgate: Person

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  alice = await stage.signedIn(LABELS.alice)
  northgate = await stage.signedIn(LABELS.northgate)
  await enrol(mercy, alice, await sample('mercy/Leonie332_Becker968.json.gz'))
})
afterAll(() => stage?.stop())

describe('the main job over HTTP', () => {
  const shares = splitPrice(PRICE, 2_000n, 500n)
  let consent: Consent
  let study: Awaited<ReturnType<typeof openStudy>>
  let token: typeof ZERO

  test('a consent that is filed is unknown to the chain, and active once it is granted', async () => {
    consent = await grant(alice)
    await until(
      () => alice.ask('GET', '/patient/consents', patientConsentsSchema),
      ({ items }) => items[0]?.state.status === 'active',
    )
    const { items } = await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      (page) => page.items.length === 1,
    )
    expect(items[0]).toMatchObject({ commitment: consent.commitment, patient: alice.address, hospitals: [MERCY], terms: consent.terms })
  })

  test('a funded study is listed with its description', async () => {
    await publishKey(northgate)
    study = await openStudy(northgate, {}, 10n * PRICE)
    const { items } = await until(
      () => northgate.ask('GET', '/research/studies', studiesSchema),
      (page) => page.items.some((item) => item.study === study && item.available !== '0'),
    )
    expect(items[0]).toMatchObject({
      study,
      organisation: NORTHGATE,
      price: String(PRICE),
      available: String(10n * PRICE),
      openRequests: 0,
    })
    expect(items[0]?.details?.title).toBe('Pulse and blood')
    token = items[0]?.token ?? ZERO
  })

  test('a request is settled: logged, paid, delivered, filtered and sealed to the researcher', async () => {
    const { digest } = await ask(
      northgate,
      { study, patient: alice, commitment: consent.commitment },
      { categories: ['vitals', 'conditions'] },
    )
    const view = await ended(northgate, digest)
    expect(view).toMatchObject({ progress: 'settled', reason: null, price: String(PRICE), patient: alice.address, hospital: MERCY })
    const release = await until(
      () => northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema),
      () => true,
    )
    const bundle = await openRelease(stage.deployment, release, await northgate.secret())
    expect(bundle.entry.length).toBeGreaterThan(10)
    expect(new Set(bundle.entry.map(({ resource }) => categoryOf(resource)))).toEqual(new Set(['vitals']))
    expect(JSON.stringify(bundle)).not.toMatch(/Leonie|Becker/)
    const { items } = await alice.ask('GET', '/patient/accesses', accessesSchema)
    const [entry] = items
    expect(entry).toMatchObject({
      index: 1,
      hospital: MERCY,
      kind: 1,
      reference: view.request,
      dispute: null,
      reward: String(shares.patient),
      token,
    })
    expect(entry?.details).toMatchObject({
      kind: 'access',
      decision: 'permit',
      grantee: NORTHGATE,
      categories: ['vitals'],
      commitment: consent.commitment,
      resourceCount: bundle.entry.length,
      releaseSha256: release.sha256,
    })
    if (entry?.details == null || entry.salt === null) throw new RangeError('no details')
    expect(entryDigest(entry.details, entry.salt)).toBe(entry.digest)
    verifyEntries(items, await readPatientLog(stage.deployment, alice.address))
    expect(await readOwed(stage.deployment, token, alice.address)).toBe(shares.patient)
    expect(await readStudy(stage.deployment, study)).toMatchObject({ available: 9n * PRICE, openRequests: 0 })
  })

  test('the hospital sees its journal and its requests', async () => {
    const journal = await mercy.ask('GET', '/hospital/journal', journalSchema)
    expect(journal.items).toHaveLength(1)
    expect(journal.items[0]).toMatchObject({ state: 'logged', details: { kind: 'access' } })
    const requests = await mercy.ask('GET', '/hospital/requests', requestsSchema)
    expect(requests.items[0]).toMatchObject({ progress: 'settled', answerTransaction: journal.items[0]?.transaction })
  })

  test('the patient collects, revokes, and the next request is refused and logged', async () => {
    await alice.send(claimRewardCalls(stage.deployment, { token }))
    expect(await readOwed(stage.deployment, token, alice.address)).toBe(0n)
    const before = await northgate.ask('GET', '/research/requests', requestsSchema)
    await alice.send(revokeConsentCalls(stage.deployment, { commitment: consent.commitment }))
    const second = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, second.digest)).toMatchObject({ progress: 'refused', reason: 'revoked' })
    const log = await until(
      () => alice.ask('GET', '/patient/accesses', accessesSchema),
      ({ items }) => items.length === 2,
    )
    expect(log.items[1]?.details).toMatchObject({
      kind: 'refusal',
      decision: 'revoked',
      categories: [],
      resourceCount: 0,
      releaseSha256: '',
    })
    expect(log.items[1]?.reward).toBeNull()
    verifyEntries(log.items, await readPatientLog(stage.deployment, alice.address))
    expect(await readStudy(stage.deployment, study)).toMatchObject({ available: 9n * PRICE, openRequests: 0 })
    const late = northgate.ask('GET', `/research/requests/${before.items[0]?.digest}/release`, releaseSchema)
    await expect(late).rejects.toMatchObject({ code: 'release/destroyed', status: 410 })
    await until(
      () => northgate.ask('GET', '/research/consents', grantsSchema),
      ({ items }) => items.length === 0,
    )
  })

  test('everything is there again after a restart', async () => {
    const before = await Promise.all([
      alice.ask('GET', '/patient/accesses', accessesSchema),
      northgate.ask('GET', '/research/requests', requestsSchema),
      northgate.ask('GET', '/research/studies', studiesSchema),
    ])
    await stage.stopGateway()
    await stage.startGateway()
    const after = await Promise.all([
      alice.ask('GET', '/patient/accesses', accessesSchema),
      northgate.ask('GET', '/research/requests', requestsSchema),
      northgate.ask('GET', '/research/studies', studiesSchema),
    ])
    expect(after).toEqual(before)
    const first = before[1].items.at(-1)?.digest ?? ZERO
    expect((await viewOf(northgate, first))?.releaseBytes).toBeNull()
  })
})
