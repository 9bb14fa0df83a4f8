import { readStudy } from '@medsync/chain'
import {
  type CategoryKey,
  categoryOf,
  type Felt,
  fileRequestSchema,
  journalSchema,
  type RecordId,
  type RequestView,
  releaseSchema,
  requestsSchema,
  type StudyId,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import type { Person } from '../../scripts/demo/person.ts'
import {
  type Ask,
  ask,
  ended,
  enrol,
  fileAsk,
  grant,
  makeAsk,
  openStudy,
  PRICE,
  publishKey,
  sendAsk,
  until,
  viewOf,
} from './access-play.ts'
import { AccessStage, LABELS, markedBundle } from './access-stage.ts'

const nothing = z.undefined()
const bytesRow = z.object({ sealed: z.instanceof(Uint8Array) })
const REPEATS = 20_000

let stage: AccessStage
let mercy: Person
let stclare: Person
let alice: Person
let bob: Person
let northgate: Person
let study: StudyId
let bobsRecord: RecordId

beforeAll(async () => {
  stage = await AccessStage.raise(undefined, { MAX_RELEASE_RESOURCES: '2' })
  mercy = await stage.signedIn(LABELS.mercy)
  stclare = await stage.signedIn(LABELS.stclare)
  alice = await stage.signedIn(LABELS.alice)
  bob = await stage.signedIn(LABELS.bob)
  northgate = await stage.signedIn(LABELS.northgate)
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  bobsRecord = await enrol(mercy, bob, markedBundle('ZqBob'))
  await publishKey(northgate)
  study = await openStudy(northgate)
  await stage.caughtUp()
})
afterAll(() => stage?.stop())

async function released(digest: Felt) {
  const release = await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
  return await openRelease(stage.deployment, release, await northgate.secret())
}

/** A request as the hospital's staff see it. */
async function atHospital(digest: Felt): Promise<RequestView | undefined> {
  const { items } = await mercy.ask('GET', '/hospital/requests?limit=200', requestsSchema)
  return items.find((view) => view.digest === digest)
}

const parked = (digest: Felt): Promise<RequestView> =>
  until(
    () => atHospital(digest),
    (view) => view?.parked !== null && view !== undefined,
  )

/** Spoils what is kept of Bob's vital signs, as a failing disk would; gives back what was there. */
async function spoil(sealed: Uint8Array = new Uint8Array(64)): Promise<Uint8Array> {
  return await stage.gateway.database.inTenant('mercy', async (tx) => {
    const before = await tx.first(bytesRow, `SELECT sealed FROM record_parts WHERE record = $1 AND part = 'vitals'`, [bobsRecord])
    await tx.run(`UPDATE record_parts SET sealed = $2 WHERE record = $1 AND part = 'vitals'`, [bobsRecord, sealed])
    if (before === undefined) throw new RangeError('there is no such part')
    return before.sealed
  })
}

async function decide(view: RequestView, what: 'retry' | 'refusal', by = mercy): Promise<void> {
  await by.ask('POST', `/hospital/requests/${view.request}/${what}`, nothing)
}

const many = (...categories: CategoryKey[]): CategoryKey[] => Array.from({ length: REPEATS / categories.length }, () => categories).flat()

describe('lists with repeats', () => {
  test('error: a request with a category repeated 20,000 times, under the digest of the honest one, is not filed', async () => {
    const consent = await grant(alice)
    const honest = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    for (const categories of [many('vitals'), many('vitals', 'laboratory'), ['vitals', 'vitals']]) {
      const repeated = { ...honest, details: { ...honest.details, categories } }
      const filed = northgate.ask('POST', '/research/requests', fileRequestSchema, repeated)
      await expect(filed).rejects.toMatchObject({ code: 'input/invalid', status: 400 })
    }
  })

  test('error: a consent and a study with repeats are not filed', async () => {
    const consent = await grant(alice)
    const { commitment, salts, nonce } = consent
    for (const list of [{ purposes: ['HRESCH', 'HRESCH'] }, { categories: ['vitals', 'vitals'] }, { sensitivities: ['hiv', 'hiv'] }]) {
      const body = { commitment, salts, nonce, terms: { ...consent.terms, ...list } }
      await expect(alice.ask('POST', '/patient/consents', z.unknown(), body)).rejects.toMatchObject({ code: 'input/invalid' })
    }
    const details = { title: 'Repeats', summary: '', categories: many('vitals'), dataFromS: 0, dataToS: 0 }
    const filed = northgate.ask('POST', '/research/studies', z.unknown(), { details, salt: '0x1', hash: '0x1' })
    await expect(filed).rejects.toMatchObject({ code: 'input/invalid' })
  })

  test('details that were filed with repeats before they were refused are released once', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    const repeated = { ...made, details: { ...made.details, categories: many('vitals') } }
    await stage.gateway.filedRequests.file('mercy', repeated)
    await stage.gateway.filedRequests.file('northgate', repeated)
    await sendAsk(northgate, made)
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled', asked: { categories: ['vitals'] } })
    const bundle = await released(made.digest)
    expect(bundle.entry.map(({ resource }) => categoryOf(resource))).toEqual(['vitals', 'vitals'])
  })

  test('a list in another order is the same list', async () => {
    const consent = await grant(alice)
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment }, { categories: ['laboratory', 'vitals'] })
    await fileAsk(northgate, made)
    expect((await viewOf(northgate, made.digest))?.asked?.categories).toEqual(['vitals', 'laboratory'])
  })
})

describe('a release that would be too large', () => {
  test('is refused with its reason, the price goes back, and less may be asked for', async () => {
    const before = await readStudy(stage.deployment, study)
    const consent = await grant(alice)
    const wish = { categories: ['vitals' as const, 'laboratory' as const] }
    const { digest } = await ask(northgate, { study, patient: alice, commitment: consent.commitment }, wish)
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'release/too-large' })
    expect((await readStudy(stage.deployment, study))?.available).toBe(before?.available)
    const { items } = await mercy.ask('GET', '/hospital/journal', journalSchema)
    expect(
      items.find(({ details }) => details.request === stage.gateway.chain.state.pool.requestByDigest(northgate.address, digest)?.request),
    ).toMatchObject({
      details: { kind: 'refusal', decision: 'not-released', resourceCount: 0 },
      state: 'logged',
    })
    const less = await ask(northgate, { study, patient: alice, commitment: consent.commitment })
    expect(await ended(northgate, less.digest)).toMatchObject({ progress: 'settled' })
  })
})

describe('a request that cannot be answered', () => {
  let sound: Uint8Array
  let failing: Ask

  test('is parked after three tries, with its reason for staff, and five others are answered', async () => {
    sound = await spoil()
    const [ofBob, ofAlice] = [await grant(bob), await grant(alice)]
    failing = makeAsk(northgate, { study, patient: bob, commitment: ofBob.commitment })
    await fileAsk(northgate, failing)
    await sendAsk(northgate, failing)
    const honest: Ask[] = []
    for (let count = 0; count < 5; count++) honest.push(await ask(northgate, { study, patient: alice, commitment: ofAlice.commitment }))
    for (const { digest } of honest) expect(await ended(northgate, digest)).toMatchObject({ progress: 'settled' })
    expect(await parked(failing.digest)).toMatchObject({
      progress: 'open',
      reason: 'request/parked',
      parked: { code: 'record/damaged', attempts: 3 },
    })
    expect(await viewOf(northgate, failing.digest)).toMatchObject({ progress: 'open', reason: 'request/parked', parked: null })
    const lines = stage.log.filter((line) => line.includes('"request.parked"'))
    expect(lines).toHaveLength(1)
    expect(lines.join()).not.toContain('ZqBob')
  })

  test('is left alone, also after a restart', async () => {
    const tries = stage.log.filter((line) => line.includes('"request.not-answered"')).length
    await stage.stopGateway()
    await stage.startGateway()
    const later = await ask(northgate, { study, patient: alice, commitment: (await grant(alice)).commitment })
    await ended(northgate, later.digest)
    expect(await atHospital(failing.digest)).toMatchObject({ parked: { code: 'record/damaged', attempts: 3 } })
    expect(stage.log.filter((line) => line.includes('"request.not-answered"'))).toHaveLength(tries)
  })

  test('error: is for staff of its hospital alone to decide on, and only while it is parked', async () => {
    const view = await parked(failing.digest)
    for (const what of ['retry', 'refusal'] as const) {
      await expect(decide(view, what, stclare)).rejects.toMatchObject({ code: 'input/not-found', status: 404 })
      await expect(decide(view, what, northgate)).rejects.toMatchObject({ status: 403 })
      await expect(decide({ ...view, request: 1 as typeof view.request }, what)).rejects.toMatchObject({
        code: 'request/not-parked',
        status: 409,
      })
      await expect(decide({ ...view, request: 999 as typeof view.request }, what)).rejects.toMatchObject({ status: 404 })
    }
  })

  test('is tried again when staff say so: parked anew while it fails, answered once it can be', async () => {
    const first = await parked(failing.digest)
    await decide(first, 'retry')
    await until(
      () => atHospital(failing.digest),
      (view) => view?.parked !== null && view?.parked?.atS !== first.parked?.atS,
    )
    await spoil(sound)
    await decide(first, 'retry')
    expect(await ended(northgate, failing.digest)).toMatchObject({ progress: 'settled' })
    expect(await atHospital(failing.digest)).toMatchObject({ parked: null })
    expect((await released(failing.digest)).entry).toHaveLength(2)
  })

  test('is refused when staff say so: the price goes back and the patient’s log says it', async () => {
    await spoil()
    const before = await readStudy(stage.deployment, study)
    const { digest } = await ask(northgate, { study, patient: bob, commitment: (await grant(bob)).commitment })
    await decide(await parked(digest), 'refusal')
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'refused', reason: 'request/refused-by-staff' })
    expect((await readStudy(stage.deployment, study))?.available).toBe(before?.available)
    const { items } = await mercy.ask('GET', '/hospital/journal', journalSchema)
    expect(items[0]).toMatchObject({ details: { kind: 'refusal', decision: 'not-released', patient: bob.address } })
    await spoil(sound)
  })

  test('expires in time while it is parked, and its price goes back', async () => {
    await spoil()
    const short = await openStudy(northgate, { answerWithinS: 600 }, 10n * PRICE)
    await stage.caughtUp()
    const { digest } = await ask(northgate, { study: short, patient: bob, commitment: (await grant(bob)).commitment })
    await parked(digest)
    await stage.passTime(700)
    expect(await ended(northgate, digest)).toMatchObject({ progress: 'expired', parked: null })
    expect(await atHospital(digest)).toMatchObject({ parked: null })
    expect((await readStudy(stage.deployment, short))?.available).toBe(10n * PRICE)
    await spoil(sound)
  })
})

describe('details that can no longer be opened', () => {
  test('park their request, and spoil neither the list nor the others', async () => {
    const { commitment } = await grant(alice)
    const damaged = makeAsk(northgate, { study, patient: alice, commitment })
    await fileAsk(northgate, damaged)
    await stage.gateway.database.inTenant('mercy', (tx) =>
      tx.run('UPDATE filed_requests SET sealed = $2 WHERE digest = $1', [damaged.digest, new Uint8Array(64)]),
    )
    await sendAsk(northgate, damaged)
    const sound = await ask(northgate, { study, patient: alice, commitment })
    expect(await ended(northgate, sound.digest)).toMatchObject({ progress: 'settled' })
    expect(await parked(damaged.digest)).toMatchObject({ asked: null, parked: { attempts: 3 } })
    await decide(await parked(damaged.digest), 'refusal')
    expect(await ended(northgate, damaged.digest)).toMatchObject({ progress: 'refused' })
  })
})

describe('an outage', () => {
  test('is no failure of a request: nothing is parked however long it lasts, and all is answered when it ends', async () => {
    const consent = await grant(alice)
    await stage.caughtUp()
    const made = makeAsk(northgate, { study, patient: alice, commitment: consent.commitment })
    await fileAsk(northgate, made)
    for (let cuts = 0; cuts < 4; cuts++) {
      stage.wire.cut()
      if (cuts === 0) await sendAsk(northgate, made)
      await new Promise((resolve) => setTimeout(resolve, 400))
      stage.wire.mend()
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    expect(await ended(northgate, made.digest)).toMatchObject({ progress: 'settled' })
    const rows = await stage.gateway.database.inTenant('mercy', (tx) =>
      tx.rows(z.object({ state: z.string() }), 'SELECT state FROM request_jobs'),
    )
    expect(rows).toEqual([])
  })
})
