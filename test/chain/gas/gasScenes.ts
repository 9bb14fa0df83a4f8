import { callOf, decodeContractError, openingArguments, submitSignedOrderCalls } from '@medsync/chain'
import {
  account,
  type ConsentTerms,
  commitConsent,
  deriveSalts,
  felt,
  newConsentNonce,
  newSalt,
  orderTypedData,
  purposeOf,
  slugToOrganisationId,
} from '@medsync/protocol'
import { transactionDetails } from '@medsync/testing'
import { type Call, hash, stark } from 'starknet'
import { rawCall, type Stage } from '../stage.ts'

/** L2 gas of one call (or of its part of a batch) over a transaction of the same account with an empty view call. */
export type GasRow = { readonly call: string; readonly l2Gas: number }

const MERCY = slugToOrganisationId('mercy')
const NORTHGATE = slugToOrganisationId('northgate')
const PATIENT = 'Patient 1'
const RELAYER = 'Patient 6'
const GATEWAY = 'Gateway of Mercy General'
const RESEARCHER = 'Northgate, researcher'
const DAY_S = 86_400

/**
 * Measures every call that people pay for, each when account, log and balances have been used before, as is usual.
 * Deterministic: the same contracts give the same numbers on every machine.
 */
export async function measureGas(stage: Stage): Promise<GasRow[]> {
  const rows: GasRow[] = []
  const spend = async (label: string, calls: Call[]): Promise<{ l2Gas: number }> => {
    const account = stage.as(label)
    const { transaction_hash } = await account.execute(calls, transactionDetails(BigInt(await account.getNonce())))
    const receipt = await account.provider.waitForTransaction(transaction_hash, { retryInterval: 10 })
    if (!receipt.isSuccess()) throw decodeContractError(new Error(receipt.isReverted() ? receipt.revert_reason : 'no receipt'))
    return { l2Gas: Number(receipt.execution_resources.l2_gas) }
  }
  const { contracts, chainId } = stage.deployment
  const patient = felt(stage.as(PATIENT).address)
  const call = (contract: keyof typeof contracts, entrypoint: string, args: (string | bigint | number)[]): Call =>
    rawCall(contracts[contract], entrypoint, args)
  const empty = async (label: string) => (await spend(label, [call('consentRegistry', 'state', [patient, 1])])).l2Gas
  const measure = async (name: string, label: string, calls: Call[], parts = 1) => {
    const before = await empty(label)
    const outcome = await spend(label, calls)
    rows.push({ call: name, l2Gas: Math.round((outcome.l2Gas - before) / parts) })
    return outcome
  }
  const many = (count: number) => Array.from({ length: count }, () => newSalt())
  const order = (revoke: string[], replace: [string, string][], grant: string[]) => [
    ...[revoke.length, ...revoke],
    ...[replace.length, ...replace.flat()],
    ...[grant.length, ...grant],
  ]

  // Consents
  await spend(PATIENT, [call('consentRegistry', 'grant', [newSalt()])])
  const [one, two] = [newSalt(), newSalt()]
  await measure('consent: grant', PATIENT, [call('consentRegistry', 'grant', [one])])
  await measure('consent: replace', PATIENT, [call('consentRegistry', 'replace', [one, two])])
  await measure('consent: revoke', PATIENT, [call('consentRegistry', 'revoke', [two])])
  const [hundred, next] = [many(100), many(100)]
  const submit = (values: (string | number)[]) => [call('consentRegistry', 'submit', [patient, ...values])]
  await measure('consent: grant one of 100 in an order', PATIENT, submit(order([], [], hundred)), 100)
  const pairs = hundred.map((old, index): [string, string] => [old, next[index] ?? old])
  await measure('consent: replace one of 100 in an order', PATIENT, submit(order([], pairs, [])), 100)
  await measure('consent: revoke one of 100 in an order', PATIENT, submit(order(next, [], [])), 100)
  await measure('consent: grant one of 100 in a bundle', PATIENT, [call('consentRegistry', 'grant', [newSalt()])], 100)
  const message = {
    chainId,
    registry: contracts.consentRegistry,
    patient: account(patient),
    order: { revoke: [], replace: [], grant: [newSalt()] },
    nonce: 0,
    deadlineS: (await stage.nowS()) + DAY_S,
  }
  const signature = stark.formatSignature(await stage.as(PATIENT).signMessage(orderTypedData(message))).map((part) => felt(part))
  const signed = submitSignedOrderCalls(stage.deployment, { ...message, signer: message.patient, signature })
  await measure('consent: grant by a signature (first of an account)', RELAYER, signed)
  await measure('consent: name a guardian', PATIENT, [
    call('consentRegistry', 'name_guardian', [stage.as(RELAYER).address, (await stage.nowS()) + DAY_S]),
  ])
  await measure('consent: burn nonces', PATIENT, [call('consentRegistry', 'burn_nonces', [1_000])])

  // Log
  const append = () => call('accessLog', 'append', [patient, 2, newSalt()])
  for (let entry = 0; entry < 32; entry++) await spend(GATEWAY, [append()])
  const before = await empty(GATEWAY)
  const singles: number[] = []
  for (let entry = 0; entry < 32; entry++) singles.push((await spend(GATEWAY, [append()])).l2Gas - before)
  rows.push({ call: 'log: single entry, mean of entries 33 to 64', l2Gas: Math.round(singles.reduce((sum, gas) => sum + gas, 0) / 32) })
  rows.push({ call: 'log: single entry, median of them', l2Gas: singles.toSorted((a, b) => a - b)[16] ?? 0 })
  await measure('log: emergency', GATEWAY, [call('accessLog', 'append_emergency', [patient, purposeOf('ETREAT').index, newSalt()])])
  for (let batch = 0; batch < 4; batch++) await spend(GATEWAY, [call('accessLog', 'append_batch', [newSalt()])])
  await measure('log: one entry in a batch of 256', GATEWAY, [call('accessLog', 'append_batch', [newSalt()])], 256)

  // Money
  const token = felt(await stage.deploy('TestToken'))
  await spend(RESEARCHER, [
    rawCall(token, 'mint', [stage.as(RESEARCHER).address, 10n ** 18n, 0]),
    rawCall(token, 'approve', [contracts.rewardPool, 2n ** 127n, 0]),
  ])
  const deadlineS = (await stage.nowS()) + 30 * DAY_S
  const open = [
    NORTHGATE,
    purposeOf('CLINTRCH').index,
    token,
    1_000_000,
    2_000,
    500,
    1_000,
    1,
    5_000,
    deadlineS,
    DAY_S,
    newSalt(),
    10n ** 9n,
  ]
  await spend(RESEARCHER, [call('rewardPool', 'open_study', open)])
  await measure('pool: open a study', RESEARCHER, [call('rewardPool', 'open_study', open)])
  await measure('pool: fund', RESEARCHER, [call('rewardPool', 'fund', [1, 10n ** 9n])])
  const salts = () => deriveSalts(new Uint8Array(32).fill(7), newConsentNonce())
  const terms: ConsentTerms = {
    grantee: NORTHGATE,
    purposes: ['HRESCH'],
    notBeforeS: 0,
    expiresAtS: deadlineS,
    categories: ['vitals'],
    dataFromS: 0,
    dataToS: 0,
    custodian: felt(0),
    sensitivities: [],
  }
  const made = commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts: salts() })
  await spend(PATIENT, [call('consentRegistry', 'grant', [made.commitment])])
  const request = (digest: string) => [call('rewardPool', 'request', [1, patient, MERCY, digest])]
  const settle = (id: number, digest: string) =>
    spend(GATEWAY, [callOf(stage.deployment, 'rewardPool', 'settle', [BigInt(id), digest, openingArguments(made.opening), newSalt()])])
  const [first, second, third, fourth, fifth, sixth] = [newSalt(), newSalt(), newSalt(), newSalt(), newSalt(), newSalt()]
  await spend(RESEARCHER, request(first))
  await settle(1, first)
  await measure('pool: request', RESEARCHER, request(second))
  await spend(RESEARCHER, request(third))
  const settled: number[] = []
  for (const [index, digest] of [second, third].entries()) {
    const base = await empty(GATEWAY)
    settled.push((await settle(index + 2, digest)).l2Gas - base)
  }
  rows.push({ call: 'pool: settle', l2Gas: Math.max(...settled) })
  const bundled = commitConsent({ chainId, registry: contracts.consentRegistry, patient, terms, salts: salts() })
  const path = many(7)
  const root = path.reduce((node, sibling) => hash.computePoseidonHash(node, sibling), bundled.commitment as string)
  await spend(PATIENT, [call('consentRegistry', 'grant', [root])])
  await spend(RESEARCHER, request(sixth))
  const opening = { ...openingArguments(bundled.opening), membership: { index: 0n, path } }
  await measure('pool: settle with a consent of a bundle of 100', GATEWAY, [
    callOf(stage.deployment, 'rewardPool', 'settle', [4n, sixth, opening, newSalt()]),
  ])
  await spend(RESEARCHER, request(fourth))
  await measure('pool: refuse', GATEWAY, [call('rewardPool', 'refuse', [5, fourth, newSalt()])])
  await measure('pool: claim', PATIENT, [call('rewardPool', 'claim', [token])])
  await measure('pool: claim for an organisation', GATEWAY, [call('rewardPool', 'claim_for_organisation', [token])])
  await spend(RESEARCHER, request(fifth))
  await stage.pass(2 * DAY_S)
  await measure('pool: expire', RELAYER, [call('rewardPool', 'expire', [6])])
  await stage.pass(100 * DAY_S)
  await measure('pool: close', RELAYER, [call('rewardPool', 'close', [1])])
  return rows
}
