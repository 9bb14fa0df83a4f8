import {
  claimManyCalls,
  closeStudyCalls,
  compensatePatientCalls,
  disputeSingleCalls,
  eventShapes,
  openingArguments,
  readClosesAtS,
  readCompensation,
  readDispute,
  readIsPaused,
  readLiabilities,
  readOwed,
  readOwedToPool,
  readRequest,
  readStudy,
  resolveDisputeCalls,
} from '@medsync/chain'
import {
  account,
  commitConsent,
  deriveSalts,
  type EntryLink,
  felt,
  newConsentNonce,
  newSalt,
  purposeOf,
  type RequestId,
  requestIdSchema,
  type StudyId,
  singleEntries,
  singleId,
  slugToOrganisationId,
  splitPrice,
  studyIdSchema,
  ZERO,
} from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raise, rawCall, type Stage } from './stage.ts'

// What becomes of a study: its smallest cohort, disputes of its accesses, its bond, and how all of its money is shared out in the end.

const MERCY = slugToOrganisationId('mercy')
const NORTHGATE = slugToOrganisationId('northgate')
const RESEARCHER = 'Northgate, researcher'
const GATEWAY = 'Gateway of Mercy General'
const DAY_S = 86_400
const PRICE = 101n
const SHARES = splitPrice(PRICE, 2_000n, 700n)

let stage: Stage
let token = account(1)
beforeAll(async () => {
  stage = await raise()
  token = account(await newToken())
})
afterAll(() => stage.devnet.stop())

/** What must hold after every test: the pool has exactly what it owes. */
beforeEach(() => async () => {
  expect(await readLiabilities(stage.deployment, token)).toBe(await balance(stage.deployment.contracts.rewardPool))
})

async function newToken(salt = '0x1'): Promise<string> {
  const coin = felt(await stage.deploy('TestToken', salt))
  await stage.sendCalls(RESEARCHER, [
    rawCall(coin, 'mint', [stage.as(RESEARCHER).address, 10_000_000, 0]),
    rawCall(coin, 'approve', [stage.deployment.contracts.rewardPool, 2n ** 127n, 0]),
  ])
  return coin
}
async function balance(of: string, coin: string = token): Promise<bigint> {
  const [low] = await stage.as('Governance').provider.callContract(rawCall(coin, 'balance_of', [of]) as never)
  return BigInt(low ?? 0)
}
const addressOf = (label: string) => account(stage.as(label).address)
const owedTo = (label: string) => readOwed(stage.deployment, token, addressOf(label))
const studyOf = async (study: StudyId) => {
  const found = await readStudy(stage.deployment, study)
  if (found === undefined) throw new RangeError('no such study')
  return found
}

async function open(
  changes: { min_cohort?: number; bond?: bigint; cap_per_patient?: number; token?: string } = {},
  deposit = 1_000n,
): Promise<StudyId> {
  const terms = {
    organisation: NORTHGATE,
    purpose: purposeOf('CLINTRCH').index,
    token,
    price: PRICE,
    hospital_bps: 2_000,
    pool_bps: 700,
    cap_per_patient: 3,
    min_cohort: 0,
    bond: 0n,
    deadline_s: BigInt((await stage.nowS()) + 2 * DAY_S),
    answer_within_s: BigInt(DAY_S),
    details: '0xd',
    ...changes,
  }
  const { events } = await stage.send(RESEARCHER, 'rewardPool', 'open_study', [terms, deposit])
  return studyIdSchema.parse(Number(events[0]?.['study']))
}
async function ask(study: StudyId, patient: string): Promise<RequestId> {
  const { events } = await stage.send(RESEARCHER, 'rewardPool', 'request', [BigInt(study), addressOf(patient), MERCY, newSalt()])
  return requestIdSchema.parse(Number(events[0]?.['request']))
}
async function consent(patient: string) {
  const { chainId, contracts } = stage.deployment
  const made = commitConsent({
    chainId,
    registry: contracts.consentRegistry,
    patient: addressOf(patient),
    terms: {
      grantee: NORTHGATE,
      purposes: ['HRESCH'],
      notBeforeS: 0,
      expiresAtS: 2_000_000_000,
      categories: ['vitals'],
      dataFromS: 0,
      dataToS: 0,
      custodian: ZERO,
      sensitivities: [],
    },
    salts: deriveSalts(new Uint8Array(32).fill(7), newConsentNonce()),
  })
  await stage.send(patient, 'consentRegistry', 'grant', [made.commitment])
  return openingArguments(made.opening)
}

/** All entries of each patient, as the events told them. */
const logs = new Map<string, EntryLink[]>()
async function settle(request: RequestId, patient: string) {
  const opening = await consent(patient)
  const outcome = await stage.send(GATEWAY, 'rewardPool', 'settle', [
    BigInt(request),
    await stage.digestOf(BigInt(request)),
    opening,
    newSalt(),
  ])
  logs.set(patient, [...(logs.get(patient) ?? []), eventShapes.EntryAppended.parse(outcome.events[0])])
  return outcome
}
async function refuse(request: RequestId, patient: string) {
  const outcome = await stage.send(GATEWAY, 'rewardPool', 'refuse', [BigInt(request), await stage.digestOf(BigInt(request)), newSalt()])
  logs.set(patient, [...(logs.get(patient) ?? []), eventShapes.EntryAppended.parse(outcome.events[0])])
}
/** A patient's access, asked for and settled. */
async function access(study: StudyId, patient: string): Promise<RequestId> {
  const request = await ask(study, patient)
  await settle(request, patient)
  return request
}
const placeOf = (patient: string) => ({
  chainId: stage.deployment.chainId,
  accessLog: stage.deployment.contracts.accessLog,
  patient: addressOf(patient),
})
function entryOf(request: RequestId, patient: string) {
  const entry = singleEntries(placeOf(patient), logs.get(patient) ?? []).find(({ reference }) => reference === request)
  if (entry === undefined) throw new RangeError('no such entry')
  return entry
}
const dispute = (request: RequestId, patient: string, label = patient, statement = newSalt()) =>
  stage.sendCalls(label, disputeSingleCalls(stage.deployment, { entry: entryOf(request, patient), statement }))
const resolve = (request: RequestId, patient: string, isUpheld: boolean, label = 'Governance') => {
  const entryId = singleId(placeOf(patient), entryOf(request, patient))
  return stage.sendCalls(label, resolveDisputeCalls(stage.deployment, { patient: addressOf(patient), entryId, isUpheld }))
}
const close = (study: StudyId) => stage.sendCalls('Patient 6', closeStudyCalls(stage.deployment, { study }))
const compensate = (request: RequestId) => stage.sendCalls('Patient 6', compensatePatientCalls(stage.deployment, { request }))
const untilClosing = async (study: StudyId) =>
  stage.pass(Math.max(0, (await readClosesAtS(stage.deployment, study)) - (await stage.nowS())))

describe('the smallest cohort', () => {
  test('no data leaves before so many different patients are asked, and those who left no longer count', async () => {
    const study = await open({ min_cohort: 3 })
    const first = await ask(study, 'Patient 1')
    await ask(study, 'Patient 1')
    const second = await ask(study, 'Patient 2')
    expect((await studyOf(study)).cohort).toBe(2)
    expect(await stage.refusal(settle(first, 'Patient 1'))).toBe('Pool: cohort too small')
    const third = await ask(study, 'Patient 3')
    await settle(first, 'Patient 1')
    await refuse(third, 'Patient 3')
    expect((await studyOf(study)).cohort).toBe(2)
    expect(await stage.refusal(settle(second, 'Patient 2'))).toBe('Pool: cohort too small')
    // A refusal is no data: it needs no cohort.
    await refuse(second, 'Patient 2')
    expect((await studyOf(study)).cohort).toBe(1)
    // Who was answered stays in the cohort, also with no open request left.
    await stage.pass(DAY_S)
    expect(await studyOf(study)).toMatchObject({ cohort: 1, settled: 1, openRequests: 1 })
  })
})

describe('a bond', () => {
  test('comes on top of the deposit, and neither requests nor refunds can use it', async () => {
    const before = await balance(addressOf(RESEARCHER))
    const study = await open({ bond: 500n }, 150n)
    expect(await balance(addressOf(RESEARCHER))).toBe(before - 650n)
    expect(await studyOf(study)).toMatchObject({ available: 150n, terms: { bond: 500n } })
    await ask(study, 'Patient 1')
    expect(await stage.refusal(ask(study, 'Patient 2'))).toBe('Pool: not enough funds')
    await stage.pass(2 * DAY_S)
    const { events } = await stage.send(RESEARCHER, 'rewardPool', 'refund', [BigInt(study)])
    expect(events).toMatchObject([{ type: 'StudyRefunded', amount: 49n }])
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'refund', [BigInt(study)]))).toBe('Pool: nothing left')
  })

  test('error: more than the pool can hold, a cap or a cohort too large', async () => {
    expect(await stage.refusal(open({ bond: 2n ** 112n }))).toBe('Pool: amount too large')
    expect(await stage.refusal(open({ cap_per_patient: 1_048_576 }))).toBe('Pool: cap too large')
    expect(await stage.refusal(open({ min_cohort: 1_048_576 }))).toBe('Pool: cohort too large')
  })
})

describe('a study without an upheld dispute', () => {
  test('gives rest, bond and half of the pool’s share to the funder, the other half and its odd unit to the pool', async () => {
    const study = await open({ bond: 500n })
    for (const patient of ['Patient 1', 'Patient 2', 'Patient 3']) await access(study, patient)
    const open4 = await ask(study, 'Patient 4')
    expect(await stage.refusal(close(study))).toBe('Pool: too early to close')
    const closesAtS = await readClosesAtS(stage.deployment, study)
    expect(closesAtS).toBe((await studyOf(study)).terms.deadlineS + DAY_S + 30 * DAY_S)
    await stage.pass(closesAtS - (await stage.nowS()) - 60)
    expect(await stage.refusal(close(study))).toBe('Pool: too early to close')
    await stage.pass(60)
    expect(await stage.refusal(close(study))).toBe('Pool: requests open')
    await stage.send('Patient 6', 'rewardPool', 'expire', [BigInt(open4)])
    const [funder, pool] = [await owedTo(RESEARCHER), await readOwedToPool(stage.deployment, token)]
    const share = 3n * SHARES.pool
    expect(share % 2n).toBe(1n)
    const { events } = await close(study)
    const [toFunder, toPool] = [1_000n - 3n * PRICE + 500n + share / 2n, share - share / 2n]
    expect(events).toMatchObject([{ type: 'StudyClosed', study, toFunder, toPool, compensation: 0n, upheld: 0 }])
    expect([await owedTo(RESEARCHER), await readOwedToPool(stage.deployment, token)]).toEqual([funder + toFunder, pool + toPool])
    // To the last unit: what came in is what patients, hospital, funder and pool were credited.
    expect(3n * (SHARES.patient + SHARES.hospital) + toFunder + toPool).toBe(1_500n)
    expect(await studyOf(study)).toMatchObject({ state: 'closed', available: 0n })
  })

  test('error: a closed study takes no money, no request, gives none back, and is closed once', async () => {
    const study = await open({ bond: 1n })
    await untilClosing(study)
    await close(study)
    expect(await stage.refusal(close(study))).toBe('Pool: study closed')
    expect(await stage.refusal(ask(study, 'Patient 1'))).toBe('Pool: study closed')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'fund', [BigInt(study), 1n]))).toBe('Pool: study closed')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'refund', [BigInt(study)]))).toBe('Pool: study closed')
    expect(await stage.refusal(close(studyIdSchema.parse(999)))).toBe('Pool: unknown study')
    expect(await readClosesAtS(stage.deployment, studyIdSchema.parse(999))).toBe(0)
  })
})

describe('disputes', () => {
  test('are opened by the patient alone, told to the pool, and keep the study open until they end', async () => {
    const study = await open({ bond: 500n })
    const request = await access(study, 'Patient 1')
    const entryId = singleId(placeOf('Patient 1'), entryOf(request, 'Patient 1'))
    for (const label of ['Patient 2', 'Governance', GATEWAY]) {
      expect(await stage.refusal(dispute(request, 'Patient 1', label))).toBe('Log: not in the log')
    }
    expect(await stage.refusal(dispute(request, 'Patient 1', 'Patient 1', ZERO))).toBe('Log: zero statement')
    const { events } = await dispute(request, 'Patient 1', 'Patient 1', felt(0x77))
    expect(events).toMatchObject([
      { type: 'DisputeOpened', hospital: MERCY, entryId, request, statement: '0x77' },
      { type: 'StudyDisputed', study, request },
    ])
    expect(await readDispute(stage.deployment, addressOf('Patient 1'), entryId)).toMatchObject({ state: 'open', request })
    expect((await readRequest(stage.deployment, request))?.harm).toBe('disputed')
    expect(await stage.refusal(dispute(request, 'Patient 1'))).toBe('Log: already disputed')
    await untilClosing(study)
    expect(await stage.refusal(close(study))).toBe('Pool: disputes open')
    for (const label of ['Patient 1', GATEWAY, RESEARCHER]) {
      expect(await stage.refusal(resolve(request, 'Patient 1', true, label))).toBe('Log: not an arbiter')
    }
    const resolved = await resolve(request, 'Patient 1', false)
    expect(resolved.events).toMatchObject([
      { type: 'DisputeResolved', entryId, isUpheld: false },
      { type: 'StudyDisputeEnded', study, request, isUpheld: false },
    ])
    expect(await stage.refusal(resolve(request, 'Patient 1', true))).toBe('Log: dispute ended')
    expect(await stage.refusal(dispute(request, 'Patient 1'))).toBe('Log: already disputed')
    expect(await studyOf(study)).toMatchObject({ openDisputes: 0, upheld: 0 })
    expect((await readRequest(stage.deployment, request))?.harm).toBe('rejected')
    // A rejected dispute costs the funder nothing.
    const share = SHARES.pool
    expect((await close(study)).events).toMatchObject([{ toFunder: 1_000n - PRICE + 500n + share / 2n, compensation: 0n }])
    expect(await stage.refusal(compensate(request))).toBe('Pool: not harmed')
  })

  test('of an entry without a paid access touch no study', async () => {
    const { events } = await stage.send(GATEWAY, 'accessLog', 'append', [addressOf('Patient 5'), 2, '0x5'])
    logs.set('Patient 5', [eventShapes.EntryAppended.parse(events[0])])
    const request = requestIdSchema.parse(1)
    const [entry] = singleEntries(placeOf('Patient 5'), logs.get('Patient 5') ?? [])
    if (entry === undefined) throw new RangeError('no entry')
    const opened = await stage.sendCalls('Patient 5', disputeSingleCalls(stage.deployment, { entry, statement: felt(1) }))
    expect(opened.events).toMatchObject([{ type: 'DisputeOpened', request: 0 }])
    const lie = { ...entry, kind: 1, reference: request }
    expect(
      await stage.refusal(stage.sendCalls('Patient 5', disputeSingleCalls(stage.deployment, { entry: lie, statement: felt(1) }))),
    ).toBe('Log: not in the log')
    const entryId = singleId(placeOf('Patient 5'), entry)
    const resolved = await stage.send('Governance', 'accessLog', 'resolve', [addressOf('Patient 5'), entryId, true])
    expect(resolved.events).toMatchObject([{ type: 'DisputeResolved', isUpheld: true }])
    expect(resolved.events).toHaveLength(1)
  })

  test('error: what nobody disputed, and who may not tell the pool', async () => {
    expect(await stage.refusal(stage.send('Governance', 'accessLog', 'resolve', [addressOf('Patient 5'), '0x1', true]))).toBe(
      'Log: not disputed',
    )
    for (const label of ['Governance', RESEARCHER, 'Patient 1']) {
      expect(await stage.refusal(stage.send(label, 'rewardPool', 'dispute_opened', [1n]))).toBe('Pool: not the log')
      expect(await stage.refusal(stage.send(label, 'rewardPool', 'dispute_resolved', [1n, true]))).toBe('Pool: not the log')
    }
  })

  test('opened after the study was closed stand in the log, and move no money', async () => {
    const study = await open({ bond: 10n })
    const request = await access(study, 'Patient 2')
    await untilClosing(study)
    await close(study)
    expect((await dispute(request, 'Patient 2')).events.map(({ type }) => type)).toEqual(['DisputeOpened'])
    expect((await resolve(request, 'Patient 2', true)).events.map(({ type }) => type)).toEqual(['DisputeResolved'])
    expect(await stage.refusal(compensate(request))).toBe('Pool: not harmed')
  })
})

describe('an upheld dispute', () => {
  test('shares the bond among the harmed patients alike; its dust and the whole share go to the pool', async () => {
    const study = await open({ bond: 500n })
    const harmed: [RequestId, string][] = []
    for (const patient of ['Patient 1', 'Patient 2', 'Patient 3']) harmed.push([await access(study, patient), patient])
    const unharmed = await access(study, 'Patient 4')
    for (const [request, patient] of harmed) {
      await dispute(request, patient)
      await resolve(request, patient, true)
    }
    const [[first, patient] = [unharmed, '']] = harmed
    expect(await stage.refusal(compensate(first))).toBe('Pool: study not closed')
    await untilClosing(study)
    const pool = await readOwedToPool(stage.deployment, token)
    const { events } = await close(study)
    expect(events).toMatchObject([
      { type: 'StudyClosed', toFunder: 1_000n - 4n * PRICE, toPool: 4n * SHARES.pool + 2n, compensation: 166n, upheld: 3 },
    ])
    expect(await readOwedToPool(stage.deployment, token)).toBe(pool + 4n * SHARES.pool + 2n)
    expect(await readCompensation(stage.deployment, study)).toBe(166n)
    const before = await owedTo(patient)
    expect((await compensate(first)).events).toMatchObject([
      { type: 'PatientCompensated', request: first, study, patient: addressOf(patient), amount: 166n },
    ])
    expect(await owedTo(patient)).toBe(before + 166n)
    expect(await stage.refusal(compensate(first))).toBe('Pool: not harmed')
    expect(await stage.refusal(compensate(unharmed))).toBe('Pool: not harmed')
    expect(await stage.refusal(compensate(requestIdSchema.parse(9_999)))).toBe('Pool: unknown request')
    for (const [request] of harmed.slice(1)) await compensate(request)
    expect((await readRequest(stage.deployment, first))?.harm).toBe('compensated')
  })

  test('has one part of the bond for each access: who was harmed twice has two', async () => {
    const study = await open({ bond: 90n })
    const harmed: [RequestId, string][] = []
    for (const patient of ['Patient 1', 'Patient 1', 'Patient 2']) harmed.push([await access(study, patient), patient])
    for (const [request, patient] of harmed) await dispute(request, patient)
    for (const [request, patient] of harmed) await resolve(request, patient, true)
    await untilClosing(study)
    expect((await close(study)).events).toMatchObject([{ compensation: 30n, upheld: 3 }])
    const before = [await owedTo('Patient 1'), await owedTo('Patient 2')]
    for (const [request] of harmed) await compensate(request)
    expect([await owedTo('Patient 1'), await owedTo('Patient 2')]).toEqual([(before[0] ?? 0n) + 60n, (before[1] ?? 0n) + 30n])
  })

  test('of a study without a bond takes the rebate', async () => {
    const study = await open()
    const request = await access(study, 'Patient 1')
    await dispute(request, 'Patient 1')
    await resolve(request, 'Patient 1', true)
    await untilClosing(study)
    expect((await close(study)).events).toMatchObject([{ toFunder: 1_000n - PRICE, toPool: SHARES.pool, compensation: 0n, upheld: 1 }])
    expect((await compensate(request)).events).toMatchObject([{ type: 'PatientCompensated', amount: 0n }])
  })
})

describe('claim_many', () => {
  const claim = (label: string, tokens: string[]) =>
    stage.sendCalls(label, claimManyCalls(stage.deployment, { tokens: tokens.map((coin) => account(coin)) }))

  test('pays in every token where something is owed, each once, and passes the others over', async () => {
    const [second, empty] = [await newToken('0x2'), await newToken('0x3')]
    await access(await open(), 'Patient 4')
    await access(await open({ token: second }), 'Patient 4')
    const owed = [await owedTo('Patient 4'), await readOwed(stage.deployment, account(second), addressOf('Patient 4'))]
    const { events } = await claim('Patient 4', [empty, token, second, token])
    expect(events).toMatchObject([
      { type: 'RewardClaimed', token, amount: owed[0] },
      { type: 'RewardClaimed', token: second, amount: owed[1] },
    ])
    expect(events).toHaveLength(2)
    expect([await balance(addressOf('Patient 4')), await balance(addressOf('Patient 4'), second)]).toEqual(owed)
    expect(await stage.refusal(claim('Patient 4', [token, second]))).toBe('Pool: nothing owed')
  })

  test('error: no token, or more than fifty', async () => {
    expect(await stage.refusal(claim('Patient 1', []))).toBe('Pool: no tokens')
    expect(
      await stage.refusal(
        claim(
          'Patient 1',
          Array.from({ length: 51 }, () => token),
        ),
      ),
    ).toBe('Pool: too many tokens')
    expect(
      (
        await claim(
          'Patient 1',
          Array.from({ length: 50 }, () => token),
        )
      ).events,
    ).toHaveLength(1)
  })
})

describe('a pause', () => {
  const pause = (label: string) => stage.send(label, 'rewardPool', 'pause', [])
  const unpause = (label: string) => stage.send(label, 'rewardPool', 'unpause', [])

  test('stops what is new, and never refusals, expiries, refunds, closings and what was earned', async () => {
    const [study, old] = [await open({ bond: 10n }), await open()]
    await access(study, 'Patient 2')
    const [request, unanswered] = [await ask(study, 'Patient 2'), await ask(study, 'Patient 3')]
    for (const label of ['Patient 1', GATEWAY, RESEARCHER]) expect(await stage.refusal(pause(label))).toBe('Pool: not a pauser')
    expect((await pause('Governance')).events).toEqual([{ type: 'Paused', by: addressOf('Governance') }])
    expect(await readIsPaused(stage.deployment)).toBe(true)
    expect(await stage.refusal(pause('Governance'))).toBe('Pool: paused')
    expect(await stage.refusal(open())).toBe('Pool: paused')
    expect(await stage.refusal(ask(study, 'Patient 1'))).toBe('Pool: paused')
    expect(await stage.refusal(stage.send(RESEARCHER, 'rewardPool', 'fund', [BigInt(study), 1n]))).toBe('Pool: paused')
    expect(await stage.refusal(settle(request, 'Patient 2'))).toBe('Pool: paused')

    expect((await stage.send('Patient 2', 'rewardPool', 'claim', [token])).events).toMatchObject([{ type: 'RewardClaimed' }])
    await stage.send(GATEWAY, 'rewardPool', 'claim_for_organisation', [token])
    await refuse(request, 'Patient 2')
    await stage.pass(2 * DAY_S)
    await stage.send('Patient 6', 'rewardPool', 'expire', [BigInt(unanswered)])
    await stage.send(RESEARCHER, 'rewardPool', 'refund', [BigInt(old)])
    await untilClosing(study)
    await close(study)
    await stage.send(RESEARCHER, 'rewardPool', 'claim', [token])
    await stage.send('Governance', 'rewardPool', 'claim_pool_share', [token, '0x99'])
    // A payment goes through the gate and leaves it as it was.
    expect(await readIsPaused(stage.deployment)).toBe(true)

    for (const label of ['Patient 1', RESEARCHER]) expect(await stage.refusal(unpause(label))).toBe('Pool: not the owner')
    expect((await unpause('Governance')).events).toEqual([{ type: 'Unpaused', by: addressOf('Governance') }])
    expect(await stage.refusal(unpause('Governance'))).toBe('Pool: not paused')
    await access(await open(), 'Patient 2')
  })

  test('a pauser stops the pool, and only governance lets it go on', async () => {
    await stage.send('Governance', 'participants', 'plan_powers', [addressOf('Patient 6'), 4])
    await stage.pass(2 * DAY_S)
    await stage.send('Governance', 'participants', 'apply_powers', [addressOf('Patient 6')])
    await pause('Patient 6')
    expect(await stage.refusal(unpause('Patient 6'))).toBe('Pool: not the owner')
    await stage.send('Governance', 'participants', 'revoke_powers', [addressOf('Patient 6')])
    await unpause('Governance')
    expect(await stage.refusal(pause('Patient 6'))).toBe('Pool: not a pauser')
  })
})
