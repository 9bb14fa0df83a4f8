import { ContextUnavailableError } from '@medsync/context'
import { type Commitment, felt, type OrganisationId, slugToOrganisationId, ZERO } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ContextKeys } from '../../services/gateway/src/context/contextKeys.ts'
import { PartyLabels } from '../../services/gateway/src/context/partyLabels.ts'
import { sealTerms } from '../../services/gateway/src/context/sealTerms.ts'
import {
  type CircleGateway,
  type CircleHome,
  deployment,
  MOST_DRAFTS,
  makeHome,
  raiseCircleGateway,
  SharedCircle,
} from './consents-circleStage.ts'
import { behavesLikeAPrivateContext, id, newTerms, record } from './consents-contextSuite.ts'

// Two gateways in one circle: one serves Mercy and St. Clare and the offices, the other Lakeside.
const OFFICES = Array.from({ length: 24 }, (_, n) => `office-${n}`)
const [MERCY, STCLARE, LAKESIDE] = ['mercy', 'stclare', 'lakeside'].map(slugToOrganisationId) as [
  OrganisationId,
  OrganisationId,
  OrganisationId,
]
const published = new Map<OrganisationId, Uint8Array>()
const granted = new Set<Commitment>()
const log: string[] = []
let shared: SharedCircle
let homes: readonly [CircleHome, CircleHome]
let ours: CircleGateway
let theirs: CircleGateway
let officesTaken = 0

const newOffice = (): OrganisationId => slugToOrganisationId(OFFICES[officesTaken++] ?? 'none')

beforeAll(async () => {
  shared = await SharedCircle.raise(['mercy', 'stclare', 'lakeside'])
  homes = [await makeHome(['mercy', 'stclare'], OFFICES), await makeHome(['lakeside'])]
  ours = await raiseCircleGateway({ shared, home: homes[0], published, granted, log })
  theirs = await raiseCircleGateway({ shared, home: homes[1], published, log })
  await admitLakeside()
  for (const gateway of [ours, theirs]) gateway.bridge.start()
  await vi.waitFor(() => expect([ours.bridge.isReachable(), theirs.bridge.isReachable()]).toEqual([true, true]), { timeout: 10_000 })
}, 60_000)
afterAll(async () => {
  await ours?.stop()
  await theirs?.stop()
  await shared?.stop()
  for (const home of homes) await home.drop()
})

/** As Mercy's keeper does for a hospital that another gateway serves. */
async function admitLakeside(): Promise<void> {
  const [seat] = theirs.circle.seats
  if (seat === undefined) throw new RangeError('Lakeside has a place')
  await ours.circle.call(ours.circle.seatOf(MERCY), 'admit_member', {
    executor: await theirs.circle.executorOf(seat),
    organisation: LAKESIDE,
    kind: 'hospital',
    encryption_key_base64: Buffer.from(published.get(LAKESIDE) ?? []).toString('base64'),
  })
}

/** Mercy's key in the circle, and under which label a filing of Lakeside's names Mercy. */
async function mercyFromLakeside(commitment: string): Promise<{ key: Uint8Array; label: string }> {
  const key = published.get(MERCY) ?? new Uint8Array(32)
  const lakeside = await new ContextKeys(homes[1].ring, homes[1].tenants).of(LAKESIDE)
  const label = lakeside === undefined ? undefined : await new PartyLabels(deployment).forParty(lakeside, key, commitment)
  if (label === undefined) throw new RangeError('both have keys')
  return { key, label }
}

behavesLikeAPrivateContext('circle', () => ({ context: ours.context, hospitals: [MERCY, STCLARE], newOffice }))

describe('terms in a circle of two gateways', () => {
  test('that name a hospital can be opened there and nowhere else', async () => {
    const filed = newTerms({ grantee: newOffice(), custodian: LAKESIDE })
    await ours.context.fileTerms(filed)
    expect(await theirs.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
    const other = newTerms({ grantee: newOffice(), custodian: STCLARE })
    await ours.context.fileTerms(other)
    expect(await theirs.context.termsByCommitment(other.commitment)).toBeUndefined()
    expect((await theirs.context.termsOfPatient(other.patient, { after: null, limit: 10 })).items).toEqual([])
  })

  test('that name no hospital go to one that claims a record of the patient only when the patient says so, then all of them', async () => {
    const filed = newTerms({ grantee: newOffice() })
    await ours.context.fileTerms(filed)
    await theirs.context.listRecords(filed.patient, [{ hospital: LAKESIDE, record: record() }])
    expect(await ours.context.hospitalsOf(filed.patient)).toEqual([LAKESIDE])
    const next = newTerms({ grantee: newOffice(), patient: filed.patient })
    await ours.context.fileTerms(next)
    for (const { commitment } of [filed, next]) expect(await theirs.context.termsByCommitment(commitment)).toBeUndefined()
    await ours.context.confirmHospital(filed.patient, LAKESIDE)
    for (const each of [filed, next]) expect(await theirs.context.termsByCommitment(each.commitment)).toMatchObject(each)
    const last = newTerms({ grantee: newOffice(), patient: filed.patient })
    await ours.context.fileTerms(last)
    expect(await theirs.context.termsByCommitment(last.commitment)).toMatchObject(last)
    await ours.context.dismissHospital(filed.patient, LAKESIDE)
    const later = newTerms({ grantee: newOffice(), patient: filed.patient })
    await ours.context.fileTerms(later)
    expect(await theirs.context.termsByCommitment(later.commitment)).toBeUndefined()
  })

  test('of another patient’s making are in nobody’s list: who is not the patient can file no draft in their name', async () => {
    const [patient, grantee] = [id(), newOffice()]
    const planted = newTerms({ patient, grantee, custodian: MERCY })
    await theirs.context.fileTerms(planted)
    expect(await ours.context.termsByCommitment(planted.commitment)).toMatchObject(planted)
    expect((await ours.context.termsOfPatient(patient, { after: null, limit: 10 })).items).toEqual([])
  })

  test('error: a key that nothing can be sealed to keeps nobody else from theirs', async () => {
    const key = published.get(LAKESIDE)
    const member = { executor: await theirs.circle.executorOf(theirs.circle.seatOf(LAKESIDE)), organisation: LAKESIDE, kind: 'hospital' }
    const admit = (bytes: Uint8Array) =>
      ours.circle.call(ours.circle.seatOf(MERCY), 'admit_member', {
        ...member,
        encryption_key_base64: Buffer.from(bytes).toString('base64'),
      })
    const lowOrder = new Uint8Array(32)
    await admit(lowOrder)
    published.set(LAKESIDE, lowOrder)
    ours.circle.forgetMembers()
    const filed = newTerms({ grantee: newOffice(), custodian: LAKESIDE })
    await ours.context.fileTerms(filed)
    const [entry] = await ours.circle.ask('terms_by_commitment', { commitment: filed.commitment })
    expect(entry?.parties).toHaveLength(2)
    await admit(key ?? lowOrder)
    published.set(LAKESIDE, key ?? lowOrder)
    ours.circle.forgetMembers()
  })

  test('error: a key that the chain does not have gets nothing sealed to it', async () => {
    const key = published.get(LAKESIDE)
    published.delete(LAKESIDE)
    const filed = newTerms({ grantee: newOffice(), custodian: LAKESIDE })
    await ours.context.fileTerms(filed)
    if (key !== undefined) published.set(LAKESIDE, key)
    const entries = await ours.circle.ask('terms_by_commitment', { commitment: filed.commitment })
    expect(entries.map(({ parties }) => parties.length)).toEqual([2])
    expect(await theirs.context.termsByCommitment(filed.commitment)).toBeUndefined()
  })

  test('error: what another member files under a commitment is believed only when it opens it', async () => {
    const filed = newTerms({ grantee: newOffice() })
    const [seat] = theirs.circle.seats
    const sealed = Buffer.alloc(80, 7).toString('base64')
    const forged = { patient_tag: filed.patient, nonce: 'hpke-v1', filed_at_s: Number.MAX_SAFE_INTEGER, replaces: null }
    const { label } = await mercyFromLakeside(filed.commitment)
    const { commitment: other } = newTerms({ grantee: newOffice(), patient: filed.patient })
    for (const [commitment, parties] of [
      [filed.commitment, [{ label, sealed }]] as const,
      [other, [{ label: '00'.repeat(32), sealed }]] as const,
    ])
      if (seat !== undefined) await theirs.circle.call(seat, 'file_terms', { ...forged, commitment, parties })
    expect(await ours.context.termsByCommitment(filed.commitment)).toBeUndefined()
    await ours.context.fileTerms(filed)
    expect(await ours.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
    expect((await ours.context.termsOfPatient(filed.patient, { after: null, limit: 10 })).items).toHaveLength(1)
  })

  test('error: sealed terms that no commitment can be made of, or numbers beyond counting, spoil no list', async () => {
    const grantee = newOffice()
    const good = newTerms({ grantee })
    await ours.context.fileTerms(good)
    const bad = newTerms({ grantee, patient: good.patient })
    const contents = [{ ...bad, terms: { ...bad.terms, purposes: ['BOGUS'] } }, { ...bad, salts: { ...bad.salts, data: ZERO } }, 'no terms']
    for (const [place, content] of contents.entries()) {
      const commitment = felt(BigInt(bad.commitment) + BigInt(place))
      const { key, label } = await mercyFromLakeside(commitment)
      const sealed = await sealTerms(JSON.stringify({ ...Object(content), commitment }), key, { deployment, commitment, party: MERCY })
      const parties = [{ label, sealed: Buffer.from(sealed ?? []).toString('base64') }]
      const forged = { commitment, patient_tag: good.patient, parties, nonce: 'hpke-v1', replaces: null, filed_at_s: 1 }
      await theirs.circle.call(theirs.circle.seatOf(LAKESIDE), 'file_terms', forged)
      expect(await ours.context.termsByCommitment(commitment)).toBeUndefined()
    }
    expect((await ours.context.termsOfPatient(good.patient, { after: null, limit: 10 })).items).toMatchObject([good])
    expect((await ours.context.termsForGrantee(grantee, { after: null, limit: 10 })).items).toMatchObject([good])
  })

  test('stand there sealed: nothing of them is in the circle’s answers in clear, nor in a log', async () => {
    const grantee = newOffice()
    const filed = newTerms({ grantee, custodian: STCLARE })
    await ours.context.fileTerms(filed)
    const entries = JSON.stringify(await ours.circle.ask('terms_by_commitment', { commitment: filed.commitment }))
    for (const clear of ['HRESCH', 'vitals', '2000000000', filed.salts.grantee, filed.nonce]) {
      expect(entries).not.toContain(clear)
      expect(log.join('')).not.toContain(clear)
    }
    for (const party of [grantee, STCLARE, MERCY]) expect(entries).not.toContain(party)
  })

  test('do not say for whom they are: the same parties have other labels in each filing', async () => {
    const grantee = newOffice()
    const filings = [1, 2].map(() => newTerms({ grantee, custodian: LAKESIDE }))
    for (const filed of filings) await ours.context.fileTerms(filed)
    const entries = await Promise.all(filings.map(({ commitment }) => theirs.circle.ask('terms_by_commitment', { commitment })))
    const labels = entries.flat().flatMap(({ parties }) => parties.map(({ label }) => label))
    expect(labels).toHaveLength(6)
    expect(new Set(labels).size).toBe(6)
  })

  test('error: a label from another filing, under it other terms for the same party, is nobody’s', async () => {
    const filed = newTerms({ grantee: newOffice(), custodian: MERCY })
    await theirs.context.fileTerms(filed)
    const [entry] = await theirs.circle.ask('terms_by_commitment', { commitment: filed.commitment })
    const copied = { ...newTerms({ grantee: newOffice(), custodian: MERCY }), patient: filed.patient }
    await theirs.circle.call(theirs.circle.seatOf(LAKESIDE), 'file_terms', {
      ...{ commitment: copied.commitment, patient_tag: filed.patient, parties: entry?.parties ?? [] },
      ...{ nonce: 'hpke-v1', replaces: null, filed_at_s: 1 },
    })
    expect(await ours.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
    expect(await ours.context.termsByCommitment(copied.commitment)).toBeUndefined()
  })

  test('are sealed anew for a hospital that has another key', async () => {
    const filed = newTerms({ grantee: newOffice(), custodian: LAKESIDE })
    await ours.context.fileTerms(filed)
    const old = published.get(LAKESIDE) ?? new Uint8Array()
    const key = new Uint8Array(Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'))
    for (const next of [key, old]) {
      published.set(LAKESIDE, next)
      await admitLakeside()
      const parties = async () =>
        (await ours.circle.ask('terms_by_commitment', { commitment: filed.commitment })).flatMap((each) => each.parties)
      await expect.poll(parties, { timeout: 20_000 }).toHaveLength(4)
    }
    expect(await theirs.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
  })
})

describe('consents that a patient prepares', () => {
  test('error: beyond the limit of a day, none of them granted, are not filed, also when they come at once', async () => {
    const patient = id()
    const next = () => newTerms({ patient, grantee: STCLARE })
    const drafts = Array.from({ length: MOST_DRAFTS + 4 }, next)
    const outcomes = await Promise.allSettled(drafts.map((draft) => ours.context.fileTerms(draft)))
    const refused = outcomes.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(4)
    expect(refused[0]).toMatchObject({ reason: { code: 'consent/too-many-drafts' } })
    const { items } = await ours.context.termsOfPatient(patient, { after: null, limit: 50 })
    expect(items).toHaveLength(MOST_DRAFTS)
    // The same again is no further one, and others are not held up.
    expect(await ours.context.fileTerms(items[0] ?? next())).toMatchObject({ commitment: items[0]?.commitment })
    await ours.context.fileTerms(newTerms({ grantee: STCLARE }))
    granted.add(items[0]?.commitment ?? next().commitment)
    await ours.context.fileTerms(next())
    await expect(ours.context.fileTerms(next())).rejects.toMatchObject({ code: 'consent/too-many-drafts' })
  })
})

describe('when the circle goes away', () => {
  test('error: nothing is filed or read, and it says so; what was filed meanwhile goes in when it is back', async () => {
    const filed = newTerms({ grantee: newOffice() })
    const held = [{ hospital: MERCY, record: record() }]
    shared.isAway = true
    try {
      await expect(ours.context.fileTerms(filed)).rejects.toBeInstanceOf(ContextUnavailableError)
      await expect(ours.context.termsByCommitment(id())).rejects.toThrowErrorMatchingInlineSnapshot(
        `[ContextUnavailableError: The hospitals’ private context cannot be reached. Nothing was released. Try again in a moment; it recovers by itself.]`,
      )
      await expect(ours.context.listRecords(filed.patient, held)).rejects.toBeInstanceOf(ContextUnavailableError)
      await ours.filings.keep(filed)
      await expect.poll(() => ours.bridge.isReachable(), { timeout: 10_000 }).toBe(false)
    } finally {
      shared.isAway = false
    }
    await expect.poll(() => ours.bridge.isReachable(), { timeout: 10_000 }).toBe(true)
    await expect.poll(() => ours.circle.ask('terms_by_commitment', { commitment: filed.commitment })).toHaveLength(1)
    expect(await ours.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
  })
})

describe('another circle', () => {
  test('is filled from what the gateway keeps, once', async () => {
    const filed = newTerms({ grantee: newOffice() })
    await ours.context.fileTerms(filed)
    await ours.stop()
    const other = await SharedCircle.raise(['mercy', 'stclare'])
    const moved = await raiseCircleGateway({ shared: other, home: homes[0], published })
    try {
      moved.bridge.start()
      const there = () => moved.circle.ask('terms_by_commitment', { commitment: filed.commitment })
      await expect.poll(() => there().catch(() => []), { timeout: 20_000 }).toHaveLength(1)
      await expect.poll(() => moved.bridge.isReachable(), { timeout: 20_000 }).toBe(true)
      const missing = async () => moved.filings.missingIn(await moved.circle.id(), -1, 10)
      await expect.poll(missing, { timeout: 20_000 }).toEqual([])
      expect(await moved.context.termsByCommitment(filed.commitment)).toMatchObject(filed)
    } finally {
      await moved.stop()
      await other.stop()
    }
  })
})
