import { openingArguments } from '@medsync/chain'
import {
  type ConsentTerms,
  commitConsent,
  commitOpening,
  deriveSalts,
  felt,
  newConsentNonce,
  newSalt,
  purposeOf,
  slugToOrganisationId,
} from '@medsync/protocol'
import { RpcProvider } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, rawCall, type Stage } from './stage.ts'

// What an onlooker learns from calldata, and what can be done with a consent that a settlement has opened.

const MERCY = slugToOrganisationId('mercy')
const STCLARE = slugToOrganisationId('stclare')
const NORTHGATE = slugToOrganisationId('northgate')
const HARBOUR = slugToOrganisationId('harbour')
const DAY_S = 86_400
const SECRET = new Uint8Array(32).fill(7)

let stage: Stage
let token: string
beforeAll(async () => {
  stage = await raise()
  token = felt(await stage.deploy('TestToken'))
  for (const label of ['Northgate, researcher', 'Harbour, researcher']) {
    await stage.sendCalls(label, [
      rawCall(token, 'mint', [stage.as(label).address, 1_000_000, 0]),
      rawCall(token, 'approve', [stage.deployment.contracts.rewardPool, 2n ** 127n, 0]),
    ])
  }
})
afterAll(() => stage.devnet.stop())

const addressOf = (label: string) => felt(stage.as(label).address)

async function openRequest(
  patient: string,
  { label = 'Northgate, researcher', organisation = NORTHGATE, hospital = MERCY, purpose = 'CLINTRCH' } = {},
) {
  const terms = {
    organisation,
    purpose: purposeOf(purpose).index,
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
  const { events } = await stage.send(label, 'rewardPool', 'open_study', [terms, 1_000n])
  const study = BigInt(String(events[0]?.['study']))
  const asked = await stage.send(label, 'rewardPool', 'request', [study, addressOf(patient), hospital, newSalt()])
  return BigInt(String(asked.events[0]?.['request']))
}

async function consent(patient: string, changes: Partial<ConsentTerms> = {}) {
  const terms: ConsentTerms = {
    grantee: NORTHGATE,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: 2_000_000_000,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    custodian: felt(0),
    sensitivities: [],
    ...changes,
  }
  const { chainId, contracts } = stage.deployment
  const place = { chainId, registry: contracts.consentRegistry, patient: addressOf(patient) }
  const made = commitConsent({ ...place, terms, salts: deriveSalts(SECRET, newConsentNonce()) })
  const { hash } = await stage.send(patient, 'consentRegistry', 'grant', [made.commitment])
  return { ...made, args: openingArguments(made.opening), hash, place }
}

/** All calldata that the chain has of an account's transaction. */
async function calldataOf(hash: string): Promise<string[]> {
  const transaction = (await new RpcProvider({ nodeUrl: stage.deployment.rpcUrl }).getTransactionByHash(hash)) as unknown as {
    calldata: string[]
  }
  return transaction.calldata.map((value) => felt(value))
}
const lastOf = async (label: string): Promise<string> => {
  const provider = new RpcProvider({ nodeUrl: stage.deployment.rpcUrl })
  const block = await provider.getBlockWithTxs('latest')
  const own = block.transactions.filter((sent) => 'sender_address' in sent && felt(sent.sender_address) === addressOf(label))
  return String((own.at(-1) as { transaction_hash?: string } | undefined)?.transaction_hash)
}

describe('what stands in calldata', () => {
  test('two equal grants have nothing in common but the account', async () => {
    const [one, other] = [await consent('Patient 1'), await consent('Patient 1')]
    const own = [addressOf('Patient 1'), stage.deployment.contracts.consentRegistry]
    const [first, second] = [await calldataOf(one.hash), await calldataOf(other.hash)]
    const shared = first.filter((value) => second.includes(value) && BigInt(value) > 2n ** 128n && !own.includes(value as never))
    // Only the selector of `grant` is the same in both.
    expect(shared.length).toBe(1)
    const parts = Object.values(one.opening).filter((value) => typeof value === 'string' && value !== NORTHGATE)
    expect(Object.values(other.opening).filter((value) => parts.includes(value as never))).toEqual([])
  })

  test('a refusal has the number of the request and a salted digest, nothing of a consent', async () => {
    const request = await openRequest('Patient 2')
    const made = await consent('Patient 2')
    const entry = newSalt()
    const { hash } = await stage.send('Gateway of Mercy General', 'rewardPool', 'refuse', [request, await stage.digestOf(request), entry])
    const calldata = await calldataOf(hash)
    expect(calldata.slice(-3)).toEqual([felt(request), await stage.digestOf(request), entry])
    for (const value of [made.commitment, made.opening.grantee, made.opening.granteeSalt, made.opening.data]) {
      expect(calldata).not.toContain(value)
    }
  })

  test('KNOWN: a settlement that is reverted opens the consent to everybody and pays nobody', async () => {
    const request = await openRequest('Patient 3')
    const made = await consent('Patient 3', { purposes: ['HRESCH', 'TREAT', 'HPAYMT'] })
    await stage.send('Patient 3', 'consentRegistry', 'revoke', [made.commitment])
    const sent = stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [
      request,
      await stage.digestOf(request),
      made.args,
      newSalt(),
    ])
    expect(await stage.refusal(sent)).toBe('Pool: consent revoked')
    const calldata = await calldataOf(await lastOf('Gateway of Mercy General'))
    const at = calldata.indexOf(made.opening.granteeSalt) - 1
    const [grantee, granteeSalt, purposes, purposesSalt, notBeforeS, expiresAtS, periodSalt, data] = calldata.slice(at, at + 8)
    const seen = { grantee, granteeSalt, purposes: BigInt(purposes ?? 0), purposesSalt, periodSalt, data } as never as typeof made.opening
    const opened = { ...seen, notBeforeS: Number(notBeforeS), expiresAtS: Number(expiresAtS) }
    expect(commitOpening(made.place, opened)).toBe(made.commitment)
  })
})

describe('a consent that a settlement has opened', () => {
  test('serves no other patient, office, purpose or chain of requests that it does not cover', async () => {
    const made = await consent('Patient 4')
    const settle = async (request: bigint, label = 'Gateway of Mercy General', changes = {}) =>
      stage.send(label, 'rewardPool', 'settle', [request, await stage.digestOf(request), { ...made.args, ...changes }, newSalt()])
    await settle(await openRequest('Patient 4'))
    expect(await stage.refusal(settle(await openRequest('Patient 5')))).toBe('Pool: consent not granted')
    const harbour = { label: 'Harbour, researcher', organisation: HARBOUR }
    const theirs = await openRequest('Patient 4', harbour)
    expect(await stage.refusal(settle(theirs))).toBe('Pool: other grantee')
    expect(await stage.refusal(settle(theirs, undefined, { grantee: HARBOUR }))).toBe('Pool: consent not granted')
    expect(await stage.refusal(settle(await openRequest('Patient 4', { purpose: 'TREAT' })))).toBe('Pool: other purpose')
    // The custodian is in the part that stays closed: the chain cannot tell which hospital the patient meant.
    await settle(await openRequest('Patient 4', { hospital: STCLARE }), 'Gateway of St. Clare')
    await stage.send('Patient 4', 'consentRegistry', 'revoke', [made.commitment])
    expect(await stage.refusal(settle(await openRequest('Patient 4')))).toBe('Pool: consent revoked')
  })

  test('gives nobody a handle on it: only the patient ends it, and a copy of the commitment opens nothing', async () => {
    const made = await consent('Patient 6')
    await stage.send('Patient 5', 'consentRegistry', 'grant', [made.commitment])
    const theirs = await openRequest('Patient 5')
    expect(
      await stage.refusal(
        stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [theirs, await stage.digestOf(theirs), made.args, newSalt()]),
      ),
    ).toBe('Pool: consent not granted')
    await stage.send('Patient 5', 'consentRegistry', 'revoke', [made.commitment])
    expect((await stage.view('consentRegistry', 'state', [addressOf('Patient 6'), made.commitment]))[0]).toBe(1n)
  })
})

describe('the log', () => {
  test('an entry that a settlement is to write cannot be used up by another hospital, and the same digest again is one entry more', async () => {
    const request = await openRequest('Patient 2')
    const made = await consent('Patient 2')
    const entry = newSalt()
    await stage.send('Gateway of St. Clare', 'accessLog', 'append', [addressOf('Patient 2'), 1, entry])
    await stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [request, await stage.digestOf(request), made.args, entry])
    const next = await openRequest('Patient 2')
    const none = stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [next, await stage.digestOf(next), made.args, '0x0'])
    expect(await stage.refusal(none)).toBe('Log: zero digest')
    expect((await stage.view('rewardPool', 'request_of', [next]))[1]).toBe(1n)
    const [before = 0n] = await stage.view('accessLog', 'log_of', [addressOf('Patient 2')])
    await stage.send('Gateway of Mercy General', 'rewardPool', 'settle', [next, await stage.digestOf(next), made.args, entry])
    expect((await stage.view('accessLog', 'log_of', [addressOf('Patient 2')]))[0]).toBe(before + 1n)
  })

  test('heads of two patients with the same entries differ: a head is bound to its patient', async () => {
    const { contracts } = stage.deployment
    await stage.sendCalls('Gateway of Mercy General', [
      rawCall(contracts.accessLog, 'append', ['0x7001', 1, '0xd1']),
      rawCall(contracts.accessLog, 'append', ['0x7002', 1, '0xd1']),
    ])
    const [one, other] = [await stage.view('accessLog', 'log_of', ['0x7001']), await stage.view('accessLog', 'log_of', ['0x7002'])]
    expect(one[0]).toBe(1n)
    expect(one[1]).not.toBe(other[1])
  })
})
