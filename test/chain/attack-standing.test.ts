import { openingArguments } from '@medsync/chain'
import {
  commitConsent,
  deriveSalts,
  felt,
  newConsentNonce,
  newSalt,
  type OrganisationId,
  purposeOf,
  slugToOrganisationId,
} from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, rawCall, type Stage } from './stage.ts'

// Acting as somebody else, or still acting after governance took the right away.

const MERCY = slugToOrganisationId('mercy')
const STCLARE = slugToOrganisationId('stclare')
const NORTHGATE = slugToOrganisationId('northgate')
const HARBOUR = slugToOrganisationId('harbour')
const RESEARCHER = 'Northgate, researcher'
const GATEWAY = 'Gateway of Mercy General'
const DAY_S = 86_400

let stage: Stage
let token: string
beforeAll(async () => {
  stage = await raise()
  token = felt(await stage.deploy('TestToken'))
  await stage.sendCalls(RESEARCHER, [
    rawCall(token, 'mint', [stage.as(RESEARCHER).address, 1_000_000, 0]),
    rawCall(token, 'approve', [stage.deployment.contracts.rewardPool, 2n ** 127n, 0]),
  ])
})
afterAll(() => stage.devnet.stop())

const addressOf = (label: string) => felt(stage.as(label).address)
const govern = <E extends 'suspend' | 'reinstate' | 'remove_operator'>(entrypoint: E, of: string) =>
  stage.send('Governance', 'participants', entrypoint, [of])
const addOperator = (organisation: OrganisationId, label: string) =>
  stage.send('Governance', 'participants', 'add_operator', [organisation, addressOf(label)])

async function openRequest(patient: string): Promise<bigint> {
  const terms = {
    organisation: NORTHGATE,
    purpose: purposeOf('CLINTRCH').index,
    token,
    price: 100n,
    hospital_bps: 2_000,
    pool_bps: 500,
    cap_per_patient: 5,
    min_cohort: 0,
    bond: 0n,
    deadline_s: BigInt((await stage.nowS()) + 30 * DAY_S),
    answer_within_s: BigInt(DAY_S),
    details: '0xd',
  } as never
  const { events } = await stage.send(RESEARCHER, 'rewardPool', 'open_study', [terms, 1_000n])
  const study = BigInt(String(events[0]?.['study']))
  const asked = await stage.send(RESEARCHER, 'rewardPool', 'request', [study, addressOf(patient), MERCY, newSalt()])
  return BigInt(String(asked.events[0]?.['request']))
}

async function consentTo(grantee: OrganisationId, patient: string) {
  const made = commitConsent({
    chainId: stage.deployment.chainId,
    registry: stage.deployment.contracts.consentRegistry,
    patient: addressOf(patient),
    terms: {
      grantee,
      purposes: ['HRESCH'],
      notBeforeS: 0,
      expiresAtS: (await stage.nowS()) + 300 * DAY_S,
      categories: ['vitals'],
      dataFromS: 0,
      dataToS: 0,
      custodian: felt(0),
      sensitivities: [],
    },
    salts: deriveSalts(new Uint8Array(32).fill(7), newConsentNonce()),
  })
  await stage.send(patient, 'consentRegistry', 'grant', [made.commitment])
  return openingArguments(made.opening)
}

describe('a researcher whom governance removed', () => {
  // The consent is for Northgate; the account that receives the data acts for Harbour by now.
  test('gets no answer to an old request once the account acts for another office', async () => {
    const request = await openRequest('Patient 1')
    const opening = await consentTo(NORTHGATE, 'Patient 1')
    await govern('remove_operator', addressOf(RESEARCHER))
    await addOperator(HARBOUR, RESEARCHER)
    await stage.send(RESEARCHER, 'participants', 'set_encryption_key', [77n])
    try {
      const sent = stage.send(GATEWAY, 'rewardPool', 'settle', [request, await stage.digestOf(request), opening, newSalt()])
      expect(await stage.refusal(sent)).toBe('Pool: not the office')
    } finally {
      await govern('remove_operator', addressOf(RESEARCHER))
      await addOperator(NORTHGATE, RESEARCHER)
    }
  })

  test('gets no answer to an old request when the account acts for nobody', async () => {
    const request = await openRequest('Patient 1')
    const opening = await consentTo(NORTHGATE, 'Patient 1')
    await govern('remove_operator', addressOf(RESEARCHER))
    try {
      const sent = stage.send(GATEWAY, 'rewardPool', 'settle', [request, await stage.digestOf(request), opening, newSalt()])
      expect(await stage.refusal(sent)).toBe('Pool: not the office')
    } finally {
      await addOperator(NORTHGATE, RESEARCHER)
    }
  })

  test('asks for nothing any more', async () => {
    const { events } = await stage.send(RESEARCHER, 'rewardPool', 'open_study', [
      {
        organisation: NORTHGATE,
        purpose: 36,
        token,
        price: 1n,
        hospital_bps: 0,
        pool_bps: 0,
        cap_per_patient: 1,
        min_cohort: 0,
        bond: 0n,
        deadline_s: BigInt((await stage.nowS()) + DAY_S),
        answer_within_s: 60n,
        details: '0x1',
      } as never,
      10n,
    ])
    await govern('remove_operator', addressOf(RESEARCHER))
    const ask = () => stage.send(RESEARCHER, 'rewardPool', 'request', [BigInt(String(events[0]?.['study'])), '0x5', MERCY, newSalt()])
    expect(await stage.refusal(ask())).toBe('Pool: not the office')
    await addOperator(HARBOUR, RESEARCHER)
    expect(await stage.refusal(ask())).toBe('Pool: not the office')
    await govern('remove_operator', addressOf(RESEARCHER))
    await addOperator(NORTHGATE, RESEARCHER)
  })
})

describe('the account that funded a study', () => {
  test('KNOWN: takes the rest back although governance removed it, and the office has no other way to the money', async () => {
    const terms = {
      organisation: NORTHGATE,
      purpose: 36,
      token,
      price: 1n,
      hospital_bps: 0,
      pool_bps: 0,
      cap_per_patient: 1,
      min_cohort: 0,
      bond: 0n,
      deadline_s: BigInt((await stage.nowS()) + 600),
      answer_within_s: 60n,
      details: '0x1',
    } as never
    const { events } = await stage.send(RESEARCHER, 'rewardPool', 'open_study', [terms, 10n])
    const study = BigInt(String(events[0]?.['study']))
    await addOperator(NORTHGATE, 'Patient 6')
    await govern('remove_operator', addressOf(RESEARCHER))
    await stage.pass(700)
    expect(await stage.refusal(stage.send('Patient 6', 'rewardPool', 'refund', [study]))).toBe('Pool: not the funder')
    const { events: refunded } = await stage.send(RESEARCHER, 'rewardPool', 'refund', [study])
    expect(refunded).toMatchObject([{ type: 'StudyRefunded', funder: addressOf(RESEARCHER), amount: 10n }])
    await govern('remove_operator', addressOf('Patient 6'))
    await addOperator(NORTHGATE, RESEARCHER)
  })
})

describe('a hospital’s operator whom governance moved', () => {
  test('answers and collects for the new hospital only', async () => {
    const request = await openRequest('Patient 2')
    const opening = await consentTo(NORTHGATE, 'Patient 2')
    await govern('remove_operator', addressOf(GATEWAY))
    expect(await stage.refusal(stage.send(GATEWAY, 'accessLog', 'append', ['0x5', 1, '0x1']))).toBe('Log: not a hospital')
    expect(await stage.refusal(stage.send(GATEWAY, 'rewardPool', 'claim_for_organisation', [token]))).toBe('Pool: not an operator')
    await addOperator(STCLARE, GATEWAY)
    expect(
      await stage.refusal(stage.send(GATEWAY, 'rewardPool', 'settle', [request, await stage.digestOf(request), opening, newSalt()])),
    ).toBe('Pool: not the asked hospital')
    expect(await stage.refusal(stage.send(GATEWAY, 'rewardPool', 'refuse', [request, await stage.digestOf(request), newSalt()]))).toBe(
      'Pool: not the asked hospital',
    )
    expect(await stage.refusal(stage.send(GATEWAY, 'rewardPool', 'claim_for_organisation', [token]))).toBe('Pool: nothing owed')
    const { events } = await stage.send(GATEWAY, 'accessLog', 'append', ['0x5', 1, '0x1'])
    expect(events).toMatchObject([{ type: 'EntryAppended', hospital: STCLARE }])
    await govern('remove_operator', addressOf(GATEWAY))
    await addOperator(MERCY, GATEWAY)
    await stage.send(GATEWAY, 'rewardPool', 'settle', [request, await stage.digestOf(request), opening, newSalt()])
  })
})

describe('a suspended organisation', () => {
  test('is still permitted by `decide`, which knows consents only: whoever asks it must ask for the standing as well', async () => {
    const opening = await consentTo(NORTHGATE, 'Patient 3')
    await govern('suspend', NORTHGATE)
    const [answer] = await stage.view('consentRegistry', 'decide', [addressOf('Patient 3'), opening, NORTHGATE, 36])
    expect(answer).toBe(1n)
    await govern('reinstate', NORTHGATE)
  })

  test('keeps what it earned and may collect it, to the payout address alone', async () => {
    const request = await openRequest('Patient 4')
    await stage.send(GATEWAY, 'rewardPool', 'settle', [
      request,
      await stage.digestOf(request),
      await consentTo(NORTHGATE, 'Patient 4'),
      newSalt(),
    ])
    await govern('suspend', MERCY)
    const payout = felt((await stage.view('participants', 'organisation', [MERCY]))[4] ?? 0n)
    const { events } = await stage.send(GATEWAY, 'rewardPool', 'claim_for_organisation', [token])
    expect(events).toMatchObject([{ type: 'OrganisationRewardClaimed', payout }])
    await govern('reinstate', MERCY)
  })
})
