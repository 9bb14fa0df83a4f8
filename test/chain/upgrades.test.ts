import { type ContractName, cancelUpgradeCalls, planUpgradeCalls, readUpgradePlan, upgradeContractCalls } from '@medsync/chain'
import { type Felt, felt } from '@medsync/protocol'
import { RpcProvider } from 'starknet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interfaceId } from '../../scripts/cairo/interfaceId.ts'
import { abis, raise, rawCall, type Stage } from './stage.ts'

// New code behind a delay that anyone can see coming, in each of the four contracts, and what each says that it can do.

const DELAY_S = 172_800
const PLAN_S = 1_209_600
const CONTRACTS = ['participants', 'consentRegistry', 'accessLog', 'rewardPool'] as const
const INTERFACES = {
  participants: 'IParticipants',
  consentRegistry: 'IConsentRegistry',
  accessLog: 'IAccessLog',
  rewardPool: 'IRewardPool',
} as const

let stage: Stage
let tokenClass: Felt
beforeAll(async () => {
  stage = await raise()
  tokenClass = await classAt(await stage.deploy('TestToken'))
})
afterAll(() => stage.devnet.stop())

const provider = () => new RpcProvider({ nodeUrl: stage.deployment.rpcUrl })
const classAt = async (address: string) => felt(await provider().getClassHashAt(address))
const classOf = (contract: ContractName) => classAt(stage.deployment.contracts[contract])
const plan = (contract: ContractName, classHash: Felt, label = 'Governance') =>
  stage.sendCalls(label, planUpgradeCalls(stage.deployment, { contract, classHash }))
const cancel = (contract: ContractName, label = 'Governance') => stage.sendCalls(label, cancelUpgradeCalls(stage.deployment, { contract }))
const upgrade = (contract: ContractName, classHash: Felt, label = 'Governance') =>
  stage.sendCalls(label, upgradeContractCalls(stage.deployment, { contract, classHash }))
const planOf = (contract: ContractName) => readUpgradePlan(stage.deployment, contract)

describe.each(CONTRACTS)('an upgrade of %s', (contract) => {
  test('is planned, seen by anyone, and put in place after two days; storage stays', async () => {
    const own = await classOf(contract)
    expect(await planOf(contract)).toBeUndefined()
    const { events } = await plan(contract, own)
    const readyAtS = Number(events[0]?.['readyAtS'])
    expect(events).toEqual([{ type: 'UpgradePlanned', contract, classHash: own, readyAtS }])
    expect(readyAtS - DELAY_S - (await stage.nowS())).toBeLessThanOrEqual(0)
    expect(await planOf(contract)).toEqual({ classHash: own, readyAtS, staleAtS: readyAtS + PLAN_S })
    expect(await stage.refusal(upgrade(contract, own))).toBe('Upgrade: too early')
    await stage.pass(readyAtS - (await stage.nowS()) - 60)
    expect(await stage.refusal(upgrade(contract, own))).toBe('Upgrade: too early')
    await stage.pass(60)
    expect(await stage.refusal(upgrade(contract, tokenClass))).toBe('Upgrade: not planned')
    expect((await upgrade(contract, own)).events).toEqual([{ type: 'Upgraded', contract, classHash: own }])
    expect(await planOf(contract)).toBeUndefined()
    expect(await stage.view(contract, 'governor', [])).toEqual([BigInt(stage.as('Governance').address)])
    expect(await stage.refusal(upgrade(contract, own))).toBe('Upgrade: not planned')
  })

  test('is dropped, goes stale after two weeks, and begins anew with another plan', async () => {
    expect(await stage.refusal(cancel(contract))).toBe('Upgrade: not planned')
    await plan(contract, tokenClass)
    expect((await cancel(contract)).events).toEqual([{ type: 'UpgradeCancelled', contract, classHash: tokenClass }])
    await stage.pass(DELAY_S)
    expect(await stage.refusal(upgrade(contract, tokenClass))).toBe('Upgrade: not planned')

    await plan(contract, tokenClass)
    await stage.pass(DELAY_S - 60)
    await plan(contract, await classOf(contract))
    await stage.pass(120)
    expect(await stage.refusal(upgrade(contract, tokenClass))).toBe('Upgrade: not planned')
    expect(await stage.refusal(upgrade(contract, await classOf(contract)))).toBe('Upgrade: too early')

    await stage.pass(DELAY_S + PLAN_S)
    expect(await stage.refusal(upgrade(contract, await classOf(contract)))).toBe('Upgrade: plan is stale')
    await cancel(contract)
  })

  test.each(['Patient 1', 'Gateway of Mercy General', 'Northgate, researcher'])('error: %s does not govern it', async (label) => {
    await plan(contract, tokenClass)
    for (const sent of [plan(contract, tokenClass, label), cancel(contract, label), upgrade(contract, tokenClass, label)]) {
      expect(await stage.refusal(sent)).toBe('Upgrade: not the governor')
    }
    await cancel(contract)
    expect(await stage.refusal(plan(contract, felt(0)))).toBe('Upgrade: zero class')
  })

  test('error: a class that nobody declared is not put in place, and the plan stands', async () => {
    await plan(contract, felt(0x1234))
    await stage.pass(DELAY_S)
    await expect(upgrade(contract, felt(0x1234))).rejects.toThrow('The transaction failed.')
    expect((await planOf(contract))?.classHash).toBe('0x1234')
    await cancel(contract)
  })

  test('says which interfaces it has, and has no others (SNIP-5)', async () => {
    const says = async (id: bigint) => (await stage.view(contract, 'supports_interface', [id]))[0] === 1n
    const own = interfaceId([...abis[contract]], INTERFACES[contract])
    const common = ['IUpgradeable', 'ISrc5'].map((each) => interfaceId([...abis[contract]], each))
    expect(await Promise.all([own, ...common].map(says))).toEqual([true, true, true])
    const foreign = CONTRACTS.filter((each) => each !== contract).map((each) => interfaceId([...abis[each]], INTERFACES[each]))
    expect(await Promise.all([...foreign, 0n, 1n, 0xffff_ffffn].map(says))).toEqual([false, false, false, false, false, false])
  })
})

describe('a new owner', () => {
  test('governs all four from then on, also what the old one had planned', async () => {
    await plan('rewardPool', tokenClass)
    await stage.send('Governance', 'participants', 'offer_ownership', [stage.as('Patient 6').address])
    await stage.pass(DELAY_S)
    await stage.send('Patient 6', 'participants', 'accept_ownership', [])
    for (const contract of CONTRACTS) {
      expect(await stage.view(contract, 'governor', [])).toEqual([BigInt(stage.as('Patient 6').address)])
      expect(await stage.refusal(plan(contract, tokenClass))).toBe('Upgrade: not the governor')
    }
    expect(await stage.refusal(upgrade('rewardPool', tokenClass))).toBe('Upgrade: not the governor')
    await cancel('rewardPool', 'Patient 6')
  })
})

describe('an upgrade to other code', () => {
  test('is other code from then on, at the same address', async () => {
    const { contracts } = stage.deployment
    await plan('rewardPool', tokenClass, 'Patient 6')
    await stage.pass(DELAY_S)
    await upgrade('rewardPool', tokenClass, 'Patient 6')
    expect(await classOf('rewardPool')).toBe(tokenClass)
    await stage.sendCalls('Patient 1', [rawCall(contracts.rewardPool, 'mint', ['0x99', 7, 0])])
    const [low] = await provider().callContract(rawCall(contracts.rewardPool, 'balance_of', ['0x99']) as never)
    expect(BigInt(low ?? 0)).toBe(7n)
    await expect(stage.view('rewardPool', 'study_count', [])).rejects.toThrow()
  })
})
