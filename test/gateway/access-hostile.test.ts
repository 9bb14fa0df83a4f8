import { createHash } from 'node:crypto'
import {
  grantConsentCalls,
  readPatientLog,
  readRequest,
  readStudy,
  reinstateOrganisation,
  replaceConsentCalls,
  requestAccessCalls,
  revokeConsentCalls,
  suspendOrganisation,
  waitForTransaction,
} from '@medsync/chain'
import {
  accessesSchema,
  categoryOf,
  fileConsentSchema,
  fileRequestSchema,
  fileStudySchema,
  grantsSchema,
  journalSchema,
  newSalt,
  patientConsentsSchema,
  patientHospitalsSchema,
  type RequestId,
  releaseSchema,
  requestsSchema,
  type StudyId,
  studiesSchema,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { localAccount } from '@medsync/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import type { Person } from '../../scripts/demo/person.ts'
import { giveAnswer } from '../../services/gateway/src/access/giveAnswer.ts'
import { Operators } from '../../services/gateway/src/access/operators.ts'
import { Stopwatch } from '../../services/gateway/src/access/stopwatch.ts'
import {
  ask,
  type Consent,
  ended,
  enrol,
  fileAsk,
  fileConsent,
  grant,
  HARBOUR,
  MERCY,
  makeAsk,
  makeConsent,
  NORTHGATE,
  openStudy,
  publishKey,
  STCLARE,
  sendAsk,
  until,
} from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

let stage: AccessStage
let mercy: Person
let stclare: Person
let alice: Person
let bob: Person
let northgate: Person
let harbour: Person
let study: StudyId

beforeAll(async () => {
  stage = await AccessStage.raise()
  mercy = await stage.signedIn(LABELS.mercy)
  stclare = await stage.signedIn(LABELS.stclare)
  alice = await stage.signedIn(LABELS.alice)
  bob = await stage.signedIn(LABELS.bob)
  northgate = await stage.signedIn(LABELS.northgate)
  harbour = await stage.signedIn(LABELS.harbour)
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await enrol(mercy, bob, markedBundle('ZqBob'))
  await publishKey(northgate)
  await publishKey(harbour)
  study = await openStudy(northgate)
  await stage.caughtUp()
})
afterAll(() => stage?.stop())

const seconds = (iso: string): number => Date.parse(iso) / 1_000

/** Opens what was released for a request. */
async function released(person: Person, digest: string) {
  const release = await until(
    () => person.ask('GET', `/research/requests/${digest}/release`, releaseSchema),
    () => true,
  )
  return { release, bundle: await openRelease(stage.deployment, release, await person.secret()) }
}

describe('whose consent it is', () => {
  test('error: nobody files terms under another patient’s commitment', async () => {
    const own = makeConsent(alice)
    await expect(fileConsent(bob, own)).rejects.toMatchObject({ code: 'consent/commitment-mismatch', status: 400 })
  })

  test('terms that are filed and not granted permit nothing', async () => {
    const consent = makeConsent(alice)
    await fileConsent(alice, consent)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
  })

  test('a grant of the same commitment by somebody else permits nothing, for neither of the two', async () => {
    const consent = makeConsent(alice)
    await fileConsent(alice, consent)
    await bob.send(grantConsentCalls(stage.deployment, consent))
    const ofAlice = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    const ofBob = await ask(northgate, { study, patient: bob, commitment: consent.commitment })
    expect(await ended(northgate, ofAlice.digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
    expect(await ended(northgate, ofBob.digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
    const { items } = await northgate.ask('GET', '/research/consents', grantsSchema)
    expect(items.filter(({ commitment }) => commitment === consent.commitment)).toEqual([])
  })

  test('one patient’s consent does not open another patient’s record', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: bob, commitment: consent.commitment })
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'not-granted' })
  })

  test('a consent for one office is worth nothing to another', async () => {
    const consent = await grant(alice)
    const other = await openStudy(harbour, { organisation: HARBOUR })
    await stage.caughtUp()
    const { digest } = await ask(harbour, { study: other, patient: alice, commitment: consent.commitment })
    expect(await ended(harbour, digest)).toMatchObject({ progress: 'refused', reason: 'other-grantee' })
  })

  test('each patient sees the own consents and the own log, and nobody else’s', async () => {
    const consents = await bob.ask('GET', '/patient/consents', patientConsentsSchema)
    expect(consents.items).toEqual([])
    const log = await bob.ask('GET', '/patient/accesses', accessesSchema)
    expect(log.items.every(({ details }) => details?.patient === bob.address)).toBe(true)
    await expect(northgate.ask('GET', '/patient/accesses', accessesSchema)).rejects.toMatchObject({ status: 403 })
    await expect(alice.ask('GET', '/hospital/journal', journalSchema)).rejects.toMatchObject({ status: 403 })
    await expect(northgate.ask('GET', '/hospital/requests', requestsSchema)).rejects.toMatchObject({ status: 403 })
    await expect(mercy.ask('GET', '/research/consents', grantsSchema)).rejects.toMatchObject({ status: 403 })
    expect((await stclare.ask('GET', '/hospital/journal', journalSchema)).items).toEqual([])
    expect((await stclare.ask('GET', '/hospital/requests', requestsSchema)).items).toEqual([])
  })
})

describe('which hospitals get a patient’s consents', () => {
  test('error: a patient confirms hospitals of other gateways only: not one served here, an office, or nobody', async () => {
    const alice = await stage.signedIn(LABELS.alice)
    expect(await alice.ask('GET', '/patient/hospitals', patientHospitalsSchema)).toEqual({ items: [] })
    for (const organisation of [MERCY, NORTHGATE, '0x123']) {
      const put = alice.ask('PUT', `/patient/hospitals/${organisation}`, patientHospitalsSchema)
      await expect(put).rejects.toMatchObject({ status: 404, code: 'input/not-found' })
    }
  })
})

describe('terms that say nothing are not filed', () => {
  const cases: [string, Parameters<typeof makeConsent>[1], string][] = [
    ['no purpose', { purposes: [] }, 'consent/no-purpose'],
    ['no category', { categories: [] }, 'consent/no-category'],
    ['an end in the past', { expiresAtS: 1_700_000_000 }, 'consent/expiry-in-past'],
    ['an end before the start', { notBeforeS: 2_000_000_000, expiresAtS: 1_999_999_999 }, 'consent/ends-before-start'],
    ['an empty period of data', { dataFromS: 20, dataToS: 10 }, 'consent/empty-data-period'],
    ['a grantee that nobody admitted', { grantee: alice?.address ?? '0x123' }, 'consent/unknown-grantee'],
    ['a custodian that nobody admitted', { custodian: '0x456' as typeof ZERO }, 'consent/unknown-grantee'],
  ]
  test.each(cases)('error: %s', async (_, overrides, code) => {
    await expect(fileConsent(alice, makeConsent(alice, overrides))).rejects.toMatchObject({ code, status: 400 })
  })

  test('error: salts of zero, and fields that are not there', async () => {
    const consent = makeConsent(alice)
    const zero = { ...consent, salts: { ...consent.salts, data: ZERO } }
    await expect(fileConsent(alice, zero)).rejects.toMatchObject({ code: 'consent/zero-salt' })
    const bare = alice.ask('POST', '/patient/consents', fileConsentSchema, { commitment: consent.commitment })
    await expect(bare).rejects.toMatchObject({ code: 'input/invalid' })
  })

  test('the same terms again give the same answer; the same commitment with another nonce does not', async () => {
    const consent = makeConsent(alice)
    await fileConsent(alice, consent)
    await fileConsent(alice, consent)
    const other = { ...consent, nonce: '00112233445566778899aabbccddeeff' }
    await expect(fileConsent(alice, other)).rejects.toMatchObject({ code: 'consent/commitment-mismatch' })
    const { items } = await alice.ask('GET', '/patient/consents?limit=200', patientConsentsSchema)
    expect(items.filter(({ commitment }) => commitment === consent.commitment)).toHaveLength(1)
  })
})

describe('what is asked for', () => {
  test('more than the consent covers is narrowed to what it covers, and never widened', async () => {
    const consent = await grant(alice, {
      categories: ['vitals', 'medications'],
      dataFromS: seconds('2022-01-01'),
      dataToS: seconds('2024-01-01'),
    })
    const wish = { categories: ['vitals' as const, 'laboratory' as const, 'conditions' as const], dataFromS: 0, dataToS: 0 }
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment }, wish)
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'settled' })
    const { bundle } = await released(northgate, digest)
    expect(bundle.entry.map(({ resource }) => categoryOf(resource))).toEqual(['vitals'])
    expect(bundle.entry[0]?.resource).toMatchObject({ valueQuantity: { value: 72.25 } })
  })

  test('less than the consent covers is all that leaves', async () => {
    const consent = await grant(alice)
    const wish = { categories: ['vitals' as const], dataFromS: seconds('2019-01-01'), dataToS: seconds('2021-01-01') }
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment }, wish)
    await ended(northgate, digest)
    const { bundle } = await released(northgate, digest)
    expect(bundle.entry.map(({ resource }) => (resource as { valueQuantity?: unknown }).valueQuantity)).toEqual([
      expect.objectContaining({ value: 71.25 }),
    ])
  })

  const denials: [string, Parameters<typeof makeConsent>[1], Parameters<typeof makeAsk>[2], string][] = [
    ['nothing of what is asked is covered', {}, { categories: ['conditions'] }, 'outside-categories'],
    ['no period is left', { dataToS: 1_600_000_000 }, { dataFromS: 1_600_000_000 }, 'outside-period'],
    ['the consent is for another hospital’s records', { custodian: STCLARE }, {}, 'other-custodian'],
    ['the consent is for another purpose', { purposes: ['TREAT'] }, {}, 'other-purpose'],
    ['the consent is for a narrower purpose', { purposes: ['CLINTRCHNPC'] }, {}, 'other-purpose'],
    ['the record has nothing of it', { categories: ['immunizations'] }, { categories: ['immunizations'] }, 'outside-categories'],
  ]
  test.each(denials)('refused when %s', async (_, terms, wish, reason) => {
    const consent = await grant(alice, terms)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment }, wish)
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason })
  })

  test('refused when the hospital has no record of the patient', async () => {
    const carol = await stage.signedIn(LABELS.carol)
    const consent = await grant(carol)
    const { digest } = await ask(northgate, { study, patient: carol, commitment: consent.commitment })
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'record/not-linked' })
  })

  test('a request on chain for another patient than its details say is refused', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    const calls = requestAccessCalls(stage.deployment, { study, patient: bob.address, hospital: MERCY, digest: made.digest })
    await northgate.send(calls)
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'request/mismatch', patient: bob.address })
  })

  test('error: details that do not give the digest, that are another account’s, or another office’s study', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    const changed = { ...made, details: { ...made.details, categories: ['conditions' as const] } }
    await expect(fileAsk(northgate, changed)).rejects.toMatchObject({ code: 'request/mismatch', status: 409 })
    await expect(fileAsk(harbour, made)).rejects.toMatchObject({ code: 'request/other-requester', status: 403 })
    const foreign = makeAsk(harbour, { study, patient: alice, commitment: consent.commitment })
    await expect(fileAsk(harbour, foreign)).rejects.toMatchObject({ code: 'request/mismatch', status: 409 })
    const nowhere = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment }, { hospital: HARBOUR })
    await expect(fileAsk(northgate, nowhere)).rejects.toMatchObject({ status: 404 })
    const empty = northgate.ask('POST', '/research/requests', fileRequestSchema, { ...made, details: { ...made.details, categories: [] } })
    await expect(empty).rejects.toMatchObject({ code: 'input/invalid', status: 400 })
  })

  test('the same request twice: filed twice is filed once, and the chain takes it once', async () => {
    const consent = await grant(alice)
    const made = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    await expect(sendAsk(northgate, made)).rejects.toMatchObject({ code: 'Pool: already requested' })
    await ended(northgate, made.digest)
    await fileAsk(northgate, made)
    const { items } = await northgate.ask('GET', '/research/requests?limit=200', requestsSchema)
    expect(items.filter(({ digest }) => digest === made.digest)).toHaveLength(1)
  })

  test('error: a description that is not the one whose hash it comes with', async () => {
    const details = { title: 'Another study', summary: '', categories: ['vitals'], dataFromS: 0, dataToS: 0 }
    const filed = northgate.ask('POST', '/research/studies', fileStudySchema, { details, salt: newSalt(), hash: '0x123' })
    await expect(filed).rejects.toMatchObject({ code: 'study/details-mismatch', status: 409 })
    const { items } = await harbour.ask('GET', '/research/studies', studiesSchema)
    expect(items.every(({ organisation }) => organisation === HARBOUR)).toBe(true)
  })
})

describe('a consent that ends', () => {
  test('between the decision and its settlement: nothing is paid, nothing leaves, the refusal is logged', async () => {
    const consent = await grant(alice)
    const before = await readPatientLog(stage.deployment, alice.address)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    // Both in one block's time: the gateway may find the consent ended in memory, on the chain, or by the settlement's revert.
    await Promise.all([sendAsk(northgate, made), alice.send(revokeConsentCalls(stage.deployment, consent))])
    const view = await ended(northgate, made.digest)
    const log = await readPatientLog(stage.deployment, alice.address)
    expect(log.count).toBe(before.count + 1)
    if (view.progress === 'refused') expect(view.reason).toBe('revoked')
    await expect(northgate.ask('GET', `/research/requests/${made.digest}/release`, releaseSchema)).rejects.toMatchObject({
      code: view.progress === 'settled' ? 'release/destroyed' : 'request/not-settled',
    })
  })

  test('in the very moment of its settlement: the chain says no, and the answer becomes a refusal', async () => {
    const consent = await grant(alice)
    // Without filed details the gateway waits, so that this test can take its place at the last step.
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await sendAsk(northgate, made)
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    await stage.caughtUp()
    const { gateway } = stage
    const request = gateway.chain.state.pool.requestByDigest(northgate.address, made.digest)
    const known = gateway.chain.state.pool.study(study)
    const filed = await gateway.context.termsByCommitment(consent.commitment)
    const tenant = gateway.tenants.all.find(({ slug }) => slug === 'mercy')
    const stopping = new AbortController()
    const queue = new Operators(gateway.tenants, gateway.deployment, stopping.signal).queueOf(MERCY)
    if (!request || !known || !filed || !tenant || !queue) throw new RangeError('the stage is not set')
    const permit = { decision: 'permit', categories: ['vitals' as const], dataFromS: 0, dataToS: 0, sensitivities: [] } as const
    const sealed = { encapsulated: new Uint8Array([1]), ciphertext: new Uint8Array([2]), sha256: 'ab'.repeat(32) }
    const outcome = await giveAnswer(
      { ...gateway, queue, signal: stopping.signal, watch: new Stopwatch() },
      { tenant, request, study: known },
      { answer: 'access', permit, filed, resourceCount: 1, sealed },
    )
    expect(outcome.kind).toBe('answered')
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'refused', reason: 'revoked' })
    const rows = await gateway.journal.entriesOf('mercy', made.digest)
    expect(rows.map(({ details, state }) => [details.kind, state])).toEqual([
      ['access', 'abandoned'],
      ['refusal', 'logged'],
    ])
    expect(await gateway.releases.find('mercy', rows[0]?.digest ?? ZERO)).toMatchObject({ state: 'destroyed', ciphertext: null })
  })

  test('after its settlement: delivered before, not any more; the sealed data is gone', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    await released(northgate, digest)
    await alice.send(revokeConsentCalls(stage.deployment, consent))
    const late = northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    await expect(late).rejects.toMatchObject({ code: 'release/destroyed', status: 410 })
    const request = stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)
    await until(
      () => stage.gateway.releases.find('mercy', request?.entry ?? ZERO),
      (release) => release?.state === 'destroyed' && release.ciphertext === null && release.encapsulated === null,
    )
  })

  test('replaced by another one: the old one opens nothing, the new one does', async () => {
    const old = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: old.commitment })
    await ended(northgate, digest)
    const fresh = makeConsent(alice, { categories: ['laboratory'] })
    await alice.ask('POST', '/patient/consents', fileConsentSchema, { ...fresh, replaces: old.commitment })
    await alice.send(replaceConsentCalls(stage.deployment, { old: old.commitment, new: fresh.commitment }))
    await expect(northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)).rejects.toMatchObject({ status: 410 })
    const again = await ask(northgate, { study, patient: alice, commitment: old.commitment })
    expect(await ended(northgate, again.digest)).toMatchObject({ progress: 'refused', reason: 'replaced' })
    const under = await ask(northgate, { study, patient: alice, commitment: fresh.commitment }, { categories: ['laboratory'] })
    expect(await ended(northgate, under.digest)).toMatchObject({ progress: 'settled' })
  })
})

describe('a release', () => {
  test('leaves for the account that asked and for nobody else, and opens with its key alone', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    const { release } = await released(northgate, digest)
    const path = `/research/requests/${digest}/release`
    await expect(harbour.ask('GET', path, releaseSchema)).rejects.toMatchObject({ status: 404 })
    await expect(mercy.ask('GET', path, releaseSchema)).rejects.toMatchObject({ status: 403 })
    await expect(alice.ask('GET', path, releaseSchema)).rejects.toMatchObject({ status: 403 })
    await expect(stage.person(LABELS.northgate).ask('GET', path, releaseSchema)).rejects.toMatchObject({ status: 401 })
    await expect(openRelease(stage.deployment, release, await harbour.secret())).rejects.toThrow()
    const moved = { ...release, digest: newSalt() }
    await expect(openRelease(stage.deployment, moved, await northgate.secret())).rejects.toThrow()
    const sha256 = createHash('sha256').update(Buffer.from(release.ciphertext, 'base64')).digest('hex')
    const { items } = await alice.ask('GET', '/patient/accesses?limit=200', accessesSchema)
    expect(items.some(({ details }) => details?.releaseSha256 === sha256)).toBe(true)
  })

  test('error: another office that asks under the same digest destroys nothing that was paid for', async () => {
    const consent = await grant(alice)
    const made = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
    const theirs = await openStudy(harbour, { organisation: HARBOUR })
    const { digest } = made
    await harbour.send(requestAccessCalls(stage.deployment, { study: theirs, patient: alice.address, hospital: MERCY, digest }))
    await stage.caughtUp()
    await until(
      async () => stage.gateway.chain.state.pool.requestByDigest(harbour.address, digest)?.state,
      (state) => state === 'refused',
    )
    const release = await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
    expect((await openRelease(stage.deployment, release, await northgate.secret())).entry.length).toBeGreaterThan(0)
    const { items } = await mercy.ask('GET', '/hospital/requests?limit=200', requestsSchema)
    expect(items.filter((view) => view.digest === digest).map(({ progress, reason }) => [progress, reason])).toEqual([
      ['refused', 'request/mismatch'],
      ['settled', null],
    ])
  })

  test('stays when the office is suspended, and comes when it is reinstated', async () => {
    const consent = await grant(alice)
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    await ended(northgate, digest)
    const path = `/research/requests/${digest}/release`
    const governance = localAccount(stage.deployment.rpcUrl, stage.accounts, LABELS.governance)
    const office = { organisation: stage.gateway.tenants.all.find(({ slug }) => slug === 'northgate')?.organisation ?? ZERO }
    await waitForTransaction(stage.deployment, await suspendOrganisation(governance, stage.deployment, office))
    await stage.caughtUp()
    await expect(northgate.ask('GET', path, releaseSchema)).rejects.toMatchObject({ code: 'auth/suspended', status: 403 })
    await waitForTransaction(stage.deployment, await reinstateOrganisation(governance, stage.deployment, office))
    await stage.caughtUp()
    await northgate.ask('GET', path, releaseSchema)
  })
})

describe('page two is checked like page one', () => {
  test('a consent that ended is on no page of the grants, and pages are full', async () => {
    const granted: Consent[] = []
    for (let count = 0; count < 7; count++) granted.push(await grant(bob, { custodian: MERCY }))
    const [, second, , , fifth] = granted
    for (const ending of [second, fifth]) {
      if (ending !== undefined) await bob.send(revokeConsentCalls(stage.deployment, ending))
    }
    await stage.caughtUp()
    const seen: string[] = []
    let path = '/research/consents?limit=2'
    for (;;) {
      const page = await northgate.ask('GET', path, grantsSchema)
      seen.push(...page.items.map(({ commitment }) => commitment))
      expect(
        page.items.every(({ terms }) => terms.grantee === stage.gateway.tenants.all.find(({ slug }) => slug === 'northgate')?.organisation),
      ).toBe(true)
      if (page.next === null) break
      expect(page.items).toHaveLength(2)
      path = `/research/consents?limit=2&after=${encodeURIComponent(page.next)}`
    }
    const active = granted.filter((one) => one !== second && one !== fifth).map(({ commitment }) => commitment)
    expect(seen.filter((one) => granted.some(({ commitment }) => commitment === one))).toEqual(active.reverse())
    expect(new Set(seen).size).toBe(seen.length)
    const harbours = await harbour.ask('GET', path, grantsSchema)
    expect(harbours.items).toEqual([])
  })

  test('requests, the log and the journal come whole in pages of any size, whoever wrote the cursor', async () => {
    const all = await northgate.ask('GET', '/research/requests?limit=200', requestsSchema)
    const paged: unknown[] = []
    let path = '/research/requests?limit=3'
    for (;;) {
      const page = await northgate.ask('GET', path, requestsSchema)
      paged.push(...page.items)
      if (page.next === null) break
      path = `/research/requests?limit=3&after=${encodeURIComponent(page.next)}`
    }
    expect(paged).toEqual(all.items)
    const own = await alice.ask('GET', '/patient/accesses?limit=2', accessesSchema)
    const others = await bob.ask('GET', `/patient/accesses?limit=200&after=${encodeURIComponent(own.next ?? '')}`, accessesSchema)
    expect(others.items.every(({ details }) => details === null || details.patient === bob.address)).toBe(true)
    await expect(alice.ask('GET', '/patient/accesses?after=%3Cx%3E', accessesSchema)).rejects.toMatchObject({ code: 'input/invalid' })
    await expect(alice.ask('GET', '/patient/consents?limit=100000', patientConsentsSchema)).rejects.toMatchObject({ status: 400 })
  })
})

describe('afterwards', () => {
  test('every request ended, every entry has its row, every log is whole, and no money is stuck', async () => {
    const { chain, journal } = stage.gateway
    await stage.caughtUp()
    await until(
      async () => chain.state.pool.openRequests().length,
      (open) => open === 0,
    )
    for (const person of [alice, bob]) {
      const { items } = await person.ask('GET', '/patient/accesses?limit=200', accessesSchema)
      verifyEntries(items, await readPatientLog(stage.deployment, person.address))
      expect(items.every(({ details, salt }) => details !== null && salt !== null)).toBe(true)
      expect(new Set(items.map(({ digest }) => digest)).size).toBe(items.length)
    }
    expect(await readStudy(stage.deployment, study)).toMatchObject({ openRequests: 0 })
    expect(chain.state.pool.study(study)).toEqual({ study, ...(await readStudy(stage.deployment, study)) })
    expect(await journal.unfinished('mercy')).toEqual([])
    const known = chain.state.pool.requestsOfHospital(MERCY)
    for (const { request, state } of known) {
      expect((await readRequest(stage.deployment, request as RequestId))?.state).toBe(state)
    }
  })
})
