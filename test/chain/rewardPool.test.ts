import { openingArguments, readStudy } from '@medsync/chain'
import {
  type ConsentTerms,
  commitConsent,
  deriveSalts,
  felt,
  newConsentNonce,
  newSalt,
  organisationId,
  purposeOf,
  slugToOrganisationId,
  splitPrice,
  studyIdSchema,
} from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Outcome, raise, rawCall, type Stage } from './stage.ts'

const MERCY = slugToOrganisationId('mercy')
const NORTHGATE = slugToOrganisationId('northgate')
const RESEARCHER = 'Northgate, researcher'
const GATEWAY = 'Gateway of Mercy General'
const DAY_S = 86_400

let stage: Stage
let token: string
beforeAll(async () => {
  stage = await raise()
  token = felt(await stage.deploy('TestToken'))
  for (const label of [RESEARCHER, 'Patient 1', 'Harbour, researcher']) {
    await stage.sendCalls(label, [rawCall(token, 'mint', [stage.as(label).address, 1_000_000, 0])])
    await stage.sendCalls(label, [rawCall(token, 'approve', [stage.deployment.contracts.rewardPool, 2n ** 127n, 0])])
  }
})
afterAll(() => stage.devnet.stop())

type Offer = Parameters<typeof offer>[0]
const offer = (changes: Partial<Record<string, string | number | bigint>> = {}, nowS = 0) =>
  ({
    organisation: NORTHGATE,
    purpose: purposeOf('CLINTRCH').index,
    token,
    price: 101n,
    hospital_bps: 2_000,
    pool_bps: 500,
    cap_per_patient: 2,
    min_cohort: 0,
    bond: 0n,
    deadline_s: BigInt(nowS + 30 * DAY_S),
    answer_within_s: BigInt(DAY_S),
    details: '0xd',
    ...changes,
  }) as never

const open = async (changes: Offer = {}, deposit = 1_000n, label = RESEARCHER): Promise<Outcome> =>
  stage.send(label, 'rewardPool', 'open_study', [offer(changes, await stage.nowS()), deposit])
const newStudy = async (changes: Offer = {}, deposit = 1_000n): Promise<bigint> =>
  BigInt(String((await open(changes, deposit)).events[0]?.['study']))

const patientOf = (label: string) => felt(stage.as(label).address)
const ask = (study: bigint, patient: string, { label = RESEARCHER, hospital = MERCY, digest = newSalt() as string } = {}) =>
  stage.send(label, 'rewardPool', 'request', [study, patient, hospital, digest])
type Asked = { readonly id: bigint; readonly digest: string }
const newRequest = async (study: bigint, patient: string): Promise<Asked> => {
  const [opened] = (await ask(study, patient)).events
  return { id: BigInt(String(opened?.['request'])), digest: String(opened?.['digest']) }
}

/** Grants a consent and gives what opens it. */
async function consent(label: string, changes: Partial<ConsentTerms> = {}) {
  const nowS = await stage.nowS()
  const terms: ConsentTerms = {
    grantee: NORTHGATE,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: nowS + 300 * DAY_S,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    custodian: felt(0),
    sensitivities: [],
    ...changes,
  }
  const { chainId, contracts } = stage.deployment
  const salts = deriveSalts(new Uint8Array(32).fill(7), newConsentNonce())
  const made = commitConsent({ chainId, registry: contracts.consentRegistry, patient: patientOf(label), terms, salts })
  await stage.send(label, 'consentRegistry', 'grant', [made.commitment])
  return { ...made, opening: openingArguments(made.opening) }
}
type Opening = Awaited<ReturnType<typeof consent>>['opening']
const settle = (request: Asked, opening: Opening, { label = GATEWAY, entry = newSalt() as string } = {}) =>
  stage.send(label, 'rewardPool', 'settle', [request.id, request.digest, opening, entry])
const refuse = (request: Asked, { label = GATEWAY, entry = newSalt() as string } = {}) =>
  stage.send(label, 'rewardPool', 'refuse', [request.id, request.digest, entry])
const one = async (view: 'owed' | 'owed_to_organisation', who: string) => (await stage.view('rewardPool', view, [token, who]))[0]
const balance = async (of: string) => {
  const [low] = await stage.as('Governance').provider.callContract(rawCall(token, 'balance_of', [of]) as never)
  return BigInt(low ?? 0)
}
/** What a study has left, and what its open requests hold. */
const money = async (study: bigint) => {
  const found = await readStudy(stage.deployment, studyIdSchema.parse(Number(study)))
  return found === undefined ? undefined : [found.available, BigInt(found.openRequests) * found.terms.price]
}

/** What must hold after every test: nothing is owed that is not there. */
beforeEach(() => async () => {
  const [liabilities] = await stage.view('rewardPool', 'liabilities', [token])
  expect(await balance(stage.deployment.contracts.rewardPool)).toBe(liabilities)
})

describe('open_study and fund', () => {
  test('takes the deposit and publishes the offer', async () => {
    const before = await balance(stage.as(RESEARCHER).address)
    const { events } = await open({}, 1_000n)
    expect(events.map(({ type }) => type)).toEqual(['StudyOpened', 'StudyFunded'])
    expect(await balance(stage.as(RESEARCHER).address)).toBe(before - 1_000n)
    const study = BigInt(String(events[0]?.['study']))
    await stage.send(RESEARCHER, 'rewardPool', 'fund', [study, 50n])
    expect(await money(study)).toEqual([1_050n, 0n])
  })

  test.each<[string, Offer, bigint]>([
    ['Pool: zero price', { price: 0n }, 1n],
    ['Pool: amount too large', { price: 2n ** 127n }, 1n],
    ['Pool: zero cap', { cap_per_patient: 0 }, 1n],
    ['Pool: shares over whole', { hospital_bps: 9_501 }, 1n],
    ['Pool: unknown purpose', { purpose: 59 }, 1n],
    ['Pool: deadline passed', { deadline_s: 1n }, 1n],
    ['Pool: deadline too far', { deadline_s: 1_900_000_000_000n }, 1n],
    ['Pool: bad answering time', { answer_within_s: 59n }, 1n],
    ['Pool: bad answering time', { answer_within_s: 7_776_001n }, 1n],
    ['Pool: zero address', { token: '0x0' }, 1n],
    ['Pool: zero amount', {}, 0n],
    ['Pool: amount too large', {}, 2n ** 127n],
    ['Pool: not the office', { organisation: slugToOrganisationId('harbour') }, 1n],
    ['Pool: not the office', { organisation: '0x0' }, 1n],
  ])('error: %s', async (text, changes, deposit) => {
    expect(await stage.refusal(open(changes, deposit))).toBe(text)
  })

  test('error: a deposit above the balance moves nothing', async () => {
    const before = await stage.view('rewardPool', 'study_count', [])
    expect(await stage.refusal(open({}, 2_000_000n))).toBe('Pool: token call failed')
    expect(await stage.view('rewardPool', 'study_count', [])).toEqual(before)
  })

  test.each(['Patient 1', GATEWAY, 'Governance'])('error: %s has no office', async (label) => {
    expect(await stage.refusal(open({}, 1n, label))).toBe('Pool: not the office')
    expect(await stage.refusal(open({ organisation: '0x0' }, 1n, label))).toBe('Pool: not the office')
  })

  test('error: only the funder tops up, a study that exists, before its deadline', async () => {
    const study = await newStudy()
    expect(await stage.refusal(stage.send('Harbour, researcher', 'rewardPool', 'fund', [study, 1n]))).toBe('Pool: not the funder')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'fund', [999n, 1n]))).toBe('Pool: unknown study')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'fund', [study, 0n]))).toBe('Pool: zero amount')
  })
})

describe('request', () => {
  test('holds the price, and the same request twice is one', async () => {
    const study = await newStudy()
    const digest = newSalt()
    const { events } = await ask(study, patientOf('Patient 1'), { digest })
    expect(events).toMatchObject([{ type: 'RequestOpened', digest, hospital: MERCY, price: 101n }])
    expect(await money(study)).toEqual([899n, 101n])
    expect(await stage.refusal(ask(study, patientOf('Patient 1'), { digest }))).toBe('Pool: already requested')
    expect(await money(study)).toEqual([899n, 101n])
    expect(await stage.view('rewardPool', 'request_by_digest', [stage.as(RESEARCHER).address, digest])).toEqual([
      BigInt(String(events[0]?.['request'])),
    ])
  })

  test('error: who, whom, what', async () => {
    const study = await newStudy({ cap_per_patient: 1 }, 150n)
    const patient = patientOf('Patient 1')
    for (const label of ['Patient 1', GATEWAY, 'Harbour, researcher', 'Governance']) {
      expect(await stage.refusal(ask(study, patient, { label }))).toBe('Pool: not the office')
    }
    expect(await stage.refusal(ask(999n, patient))).toBe('Pool: unknown study')
    expect(await stage.refusal(ask(study, patient, { hospital: NORTHGATE }))).toBe('Pool: not a hospital')
    expect(await stage.refusal(ask(study, patient, { hospital: organisationId(1) }))).toBe('Pool: not a hospital')
    expect(await stage.refusal(ask(study, '0x0'))).toBe('Pool: zero address')
    expect(await stage.refusal(ask(study, patient, { digest: '0x0' }))).toBe('Pool: zero digest')
    await ask(study, patient)
    expect(await stage.refusal(ask(study, patientOf('Patient 2')))).toBe('Pool: not enough funds')
    await stage.send(RESEARCHER, 'rewardPool', 'fund', [study, 500n])
    expect(await stage.refusal(ask(study, patient))).toBe('Pool: cap reached')
  })
})

describe('settle', () => {
  test('writes the entry and credits three parties to the last unit, all in one', async () => {
    const study = await newStudy()
    const patient = patientOf('Patient 1')
    const request = await newRequest(study, patient)
    const { opening } = await consent('Patient 1')
    const before = { patient: (await one('owed', patient)) ?? 0n, hospital: (await one('owed_to_organisation', MERCY)) ?? 0n }
    const { events } = await settle(request, opening, { entry: '0xe1' })
    expect(events.map(({ type }) => type)).toEqual(['EntryAppended', 'RequestSettled'])
    const shares = splitPrice(101n, 2_000n, 500n)
    expect(shares.patient + shares.hospital + shares.pool).toBe(101n)
    expect(events[1]).toMatchObject({ patientShare: shares.patient, hospitalShare: shares.hospital, poolShare: shares.pool })
    expect(await one('owed', patient)).toBe(before.patient + shares.patient)
    expect(await one('owed_to_organisation', MERCY)).toBe(before.hospital + shares.hospital)
    expect(await money(study)).toEqual([899n, 0n])
    expect(events[0]).toMatchObject({ patient, hospital: MERCY, kind: 1, reference: Number(request.id), digest: '0xe1' })
    expect(await stage.refusal(settle(request, opening))).toBe('Pool: request not open')
    expect(await stage.refusal(refuse(request))).toBe('Pool: request not open')
  })

  test('error: only the asked hospital answers, and only while it is active', async () => {
    const request = await newRequest(await newStudy(), patientOf('Patient 1'))
    const { opening } = await consent('Patient 1')
    for (const label of ['Gateway of St. Clare', 'Patient 1', RESEARCHER, 'Governance']) {
      expect(await stage.refusal(settle(request, opening, { label }))).toBe('Pool: not the asked hospital')
      expect(await stage.refusal(refuse(request, { label }))).toBe('Pool: not the asked hospital')
    }
    await stage.send('Governance', 'participants', 'suspend', [MERCY])
    expect(await stage.refusal(settle(request, opening))).toBe('Pool: not the asked hospital')
    expect(await stage.refusal(refuse(request))).toBe('Pool: not the asked hospital')
    expect(await stage.refusal(ask(await newStudy(), patientOf('Patient 1')))).toBe('Pool: not a hospital')
    await stage.send('Governance', 'participants', 'reinstate', [MERCY])
    await stage.send('Governance', 'participants', 'suspend', [NORTHGATE])
    expect(await stage.refusal(settle(request, opening))).toBe('Pool: not the office')
    await stage.send('Governance', 'participants', 'reinstate', [NORTHGATE])
    expect(await stage.refusal(settle({ id: 999n, digest: '0x1' }, opening))).toBe('Pool: unknown request')
    expect(await stage.refusal(settle({ ...request, digest: '0x1' }, opening))).toBe('Pool: other request')
    expect(await stage.refusal(refuse({ ...request, digest: '0x1' }))).toBe('Pool: other request')
    await settle(request, opening)
  })

  test('error: no consent that does not permit opens the escrow, and nothing is written', async () => {
    const study = await newStudy()
    const patient = patientOf('Patient 2')
    const request = await newRequest(study, patient)
    const nowS = await stage.nowS()
    const [good, other] = [await consent('Patient 2'), await consent('Patient 1')]
    const log = await stage.view('accessLog', 'log_of', [patient])
    const refusals: [string, Opening][] = [
      ['Pool: consent not granted', other.opening],
      ['Pool: consent not granted', { ...good.opening, expires_at_s: good.opening.expires_at_s + 1n }],
      ['Pool: consent not granted', { ...good.opening, purposes: 2n ** 128n - 1n }],
      ['Pool: consent not granted', { ...good.opening, grantee: slugToOrganisationId('harbour') }],
      ['Consent: zero salt', { ...good.opening, grantee_salt: felt(0) }],
      ['Pool: other grantee', (await consent('Patient 2', { grantee: slugToOrganisationId('harbour') })).opening],
      ['Pool: other purpose', (await consent('Patient 2', { purposes: ['TREAT', 'BIORCH'] })).opening],
      ['Pool: consent not yet valid', (await consent('Patient 2', { notBeforeS: nowS + DAY_S })).opening],
      ['Pool: consent expired', (await consent('Patient 2', { expiresAtS: nowS })).opening],
    ]
    const revoked = await consent('Patient 2')
    await stage.send('Patient 2', 'consentRegistry', 'revoke', [revoked.commitment])
    const replaced = await consent('Patient 2')
    await stage.send('Patient 2', 'consentRegistry', 'replace', [replaced.commitment, newSalt()])
    refusals.push(['Pool: consent revoked', revoked.opening], ['Pool: consent replaced', replaced.opening])
    for (const [text, opening] of refusals) expect(await stage.refusal(settle(request, opening))).toBe(text)
    expect(await stage.view('accessLog', 'log_of', [patient])).toEqual(log)
    expect(await money(study)).toEqual([899n, 101n])
    await settle(request, good.opening)
  })
})

describe('refuse and expire', () => {
  test('a refusal is logged, the price goes back, and the patient’s place is free again', async () => {
    const study = await newStudy({ cap_per_patient: 1 })
    const patient = patientOf('Patient 3')
    const { events } = await refuse(await newRequest(study, patient))
    expect(events).toMatchObject([
      { type: 'EntryAppended', kind: 2, reference: Number(events[1]?.['request']) },
      { type: 'RequestRefused' },
    ])
    expect(await money(study)).toEqual([1_000n, 0n])
    await newRequest(study, patient)
  })

  test('after its time a request can only expire, by anyone, once', async () => {
    const study = await newStudy()
    const request = await newRequest(study, patientOf('Patient 4'))
    const { opening } = await consent('Patient 4')
    const expire = (label = 'Patient 6') => stage.send(label, 'rewardPool', 'expire', [request.id])
    expect(await stage.refusal(expire())).toBe('Pool: request not expired')
    await stage.pass(DAY_S)
    expect(await stage.refusal(settle(request, opening))).toBe('Pool: request expired')
    expect(await stage.refusal(refuse(request))).toBe('Pool: request expired')
    await expire()
    expect(await money(study)).toEqual([1_000n, 0n])
    expect(await stage.refusal(expire())).toBe('Pool: request not open')
  })
})

describe('claim and refund', () => {
  test('each party collects its own, once', async () => {
    const patient = patientOf('Patient 5')
    await settle(await newRequest(await newStudy(), patient), (await consent('Patient 5')).opening)
    const owed = (await one('owed', patient)) ?? 0n
    expect(owed).toBe(76n)
    await stage.send('Patient 5', 'rewardPool', 'claim', [token])
    expect(await balance(patient)).toBe(owed)
    expect(await stage.refusal(stage.send('Patient 5', 'rewardPool', 'claim', [token]))).toBe('Pool: nothing owed')

    const hospital = (await one('owed_to_organisation', MERCY)) ?? 0n
    const payout = felt((await stage.view('participants', 'organisation', [MERCY]))[4] ?? 0n)
    const held = await balance(payout)
    await stage.send('Mercy General, records office', 'rewardPool', 'claim_for_organisation', [token])
    expect(await balance(payout)).toBe(held + hospital)
    expect(await stage.refusal(stage.send(GATEWAY, 'rewardPool', 'claim_for_organisation', [token]))).toBe('Pool: nothing owed')
    expect(await stage.refusal(stage.send('Patient 6', 'rewardPool', 'claim_for_organisation', [token]))).toBe('Pool: not an operator')

    expect(await stage.refusal(stage.send('Patient 6', 'rewardPool', 'claim_pool_share', [token, '0x1']))).toBe('Pool: not the owner')
    expect(await stage.refusal(stage.send('Governance', 'rewardPool', 'claim_pool_share', [token, '0x0']))).toBe('Pool: zero address')
    // The pool's share waits until its study is closed.
    expect(await stage.refusal(stage.send('Governance', 'rewardPool', 'claim_pool_share', [token, '0x99']))).toBe('Pool: nothing owed')
  })

  test('error: nobody drains the pool', async () => {
    for (const label of ['Patient 6', 'Harbour, researcher', 'Gateway of Lakeside']) {
      expect(await stage.refusal(stage.send(label, 'rewardPool', 'claim', [token]))).toBe('Pool: nothing owed')
    }
  })

  test('the funder takes back what is left after the deadline, and what expires later too', async () => {
    const study = await newStudy({ deadline_s: BigInt((await stage.nowS()) + 3_600) })
    const request = await newRequest(study, patientOf('Patient 4'))
    const refund = (label = RESEARCHER) => stage.send(label, 'rewardPool', 'refund', [study])
    expect(await stage.refusal(refund())).toBe('Pool: deadline ahead')
    await stage.pass(3_600)
    expect(await stage.refusal(refund('Harbour, researcher'))).toBe('Pool: not the funder')
    expect(await stage.refusal(ask(study, patientOf('Patient 4')))).toBe('Pool: deadline passed')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'fund', [study, 1n]))).toBe('Pool: deadline passed')
    const before = await balance(stage.as(RESEARCHER).address)
    await refund()
    expect(await balance(stage.as(RESEARCHER).address)).toBe(before + 899n)
    expect(await stage.refusal(refund())).toBe('Pool: nothing left')
    await stage.pass(DAY_S)
    await stage.send('Patient 6', 'rewardPool', 'expire', [request.id])
    await refund()
    expect(await balance(stage.as(RESEARCHER).address)).toBe(before + 1_000n)
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'refund', [999n]))).toBe('Pool: unknown study')
  })
})
