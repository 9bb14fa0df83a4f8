import { readHasPower, readPowers } from '@medsync/chain'
import { felt, slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

const DELAY_S = 172_800
const MERCY = slugToOrganisationId('mercy')
const admit = (label: string, id: string, { role = 1, name = '0x61', payout = '0x70', operator = `0x9${id.slice(2)}` } = {}) =>
  stage.send(label, 'participants', 'admit', [id, role, name, payout, operator])

describe('admit', () => {
  test('brings an organisation in with its first operator', async () => {
    const { events } = await admit('Governance', '0x1001', { role: 2 })
    expect(events).toEqual([
      expect.objectContaining({ id: '0x1001', role: 2, payout: '0x70' }),
      { type: 'OperatorAdded', id: '0x1001', operator: '0x91001' },
    ])
    expect((await stage.view('participants', 'organisation', ['0x1001'])).slice(0, 2)).toEqual([2n, 1n])
    expect(await stage.view('participants', 'acting_organisation', ['0x91001', 2])).toEqual([0x1001n])
    expect(await stage.view('participants', 'acting_organisation', ['0x91001', 1])).toEqual([0n])
  })

  test.each(['Patient 1', 'Gateway of Mercy General', 'Northgate, researcher'])('error: %s does not govern', async (label) => {
    const calls = [
      admit(label, '0x1002'),
      stage.send(label, 'participants', 'suspend', [MERCY]),
      stage.send(label, 'participants', 'remove_operator', [stage.as('Gateway of Mercy General').address]),
    ]
    expect(await Promise.all(calls.map(stage.refusal))).toEqual(calls.map(() => 'Participants: not allowed'))
    const ownersOwn = [
      stage.send(label, 'participants', 'reinstate', [MERCY]),
      stage.send(label, 'participants', 'add_operator', [MERCY, '0x1']),
      stage.send(label, 'participants', 'apply_powers', ['0x1']),
      stage.send(label, 'participants', 'set_payout', [MERCY, '0x1']),
      stage.send(label, 'participants', 'offer_ownership', ['0x1']),
      stage.send(label, 'participants', 'plan_powers', ['0x1', 1]),
      stage.send(label, 'participants', 'revoke_powers', ['0x1']),
    ]
    expect(await Promise.all(ownersOwn.map(stage.refusal))).toEqual(ownersOwn.map(() => 'Participants: not the owner'))
  })

  test('error: nothing zero, no other role, nobody twice', async () => {
    const operator = stage.as('Gateway of Mercy General').address
    expect(await stage.refusal(admit('Governance', '0x0'))).toBe('Participants: zero id')
    expect(await stage.refusal(admit('Governance', '0x1003', { name: '0x0' }))).toBe('Participants: zero name')
    expect(await stage.refusal(admit('Governance', '0x1003', { payout: '0x0' }))).toBe('Participants: zero address')
    expect(await stage.refusal(admit('Governance', '0x1003', { operator: '0x0' }))).toBe('Participants: zero address')
    for (const role of [0, 3]) expect(await stage.refusal(admit('Governance', '0x1003', { role }))).toBe('Participants: unknown role')
    expect(await stage.refusal(admit('Governance', MERCY))).toBe('Participants: already admitted')
    expect(await stage.refusal(admit('Governance', '0x1003', { operator }))).toBe('Participants: operator taken')
    expect((await stage.view('participants', 'organisation', ['0x1003']))[1]).toBe(0n)
  })
})

describe('standing and operators', () => {
  test('a suspended organisation acts nowhere until it is reinstated', async () => {
    const operator = stage.as('Gateway of St. Clare').address
    const id = slugToOrganisationId('stclare')
    await stage.send('Governance', 'participants', 'suspend', [id])
    expect(await stage.view('participants', 'acting_organisation', [operator, 1])).toEqual([0n])
    expect(await stage.view('participants', 'organisation_of', [operator])).toEqual([BigInt(id)])
    expect(await stage.refusal(stage.send('Governance', 'participants', 'suspend', [id]))).toBe('Participants: not active')
    expect(await stage.refusal(stage.send('Gateway of St. Clare', 'participants', 'set_encryption_key', [1n]))).toBe(
      'Participants: not active',
    )
    await stage.send('Governance', 'participants', 'reinstate', [id])
    expect(await stage.refusal(stage.send('Governance', 'participants', 'reinstate', [id]))).toBe('Participants: not suspended')
    expect(await stage.view('participants', 'acting_organisation', [operator, 1])).toEqual([BigInt(id)])
  })

  test('a removed operator acts no more, and its key is forgotten', async () => {
    const operator = stage.as('Harbour, researcher').address
    await stage.send('Harbour, researcher', 'participants', 'set_encryption_key', [5n])
    expect(await stage.view('participants', 'encryption_key', [operator])).toEqual([5n, 0n])
    await stage.send('Governance', 'participants', 'remove_operator', [operator])
    expect(await stage.view('participants', 'encryption_key', [operator])).toEqual([0n, 0n])
    expect(await stage.view('participants', 'organisation_of', [operator])).toEqual([0n])
    expect(await stage.refusal(stage.send('Harbour, researcher', 'participants', 'set_encryption_key', [5n]))).toBe(
      'Participants: not an operator',
    )
    await stage.send('Governance', 'participants', 'add_operator', [slugToOrganisationId('harbour'), operator])
  })

  test('error: keys of zero, operators of nobody, organisations that were never admitted', async () => {
    expect(await stage.refusal(stage.send('Northgate, researcher', 'participants', 'set_encryption_key', [0n]))).toBe(
      'Participants: zero key',
    )
    expect(await stage.refusal(stage.send('Patient 1', 'participants', 'set_encryption_key', [1n]))).toBe('Participants: not an operator')
    expect(await stage.refusal(stage.send('Governance', 'participants', 'remove_operator', ['0x77']))).toBe('Participants: not an operator')
    expect(await stage.refusal(stage.send('Governance', 'participants', 'add_operator', ['0x77', '0x78']))).toBe(
      'Participants: not admitted',
    )
    expect(await stage.refusal(stage.send('Governance', 'participants', 'set_payout', ['0x77', '0x78']))).toBe('Participants: not admitted')
    expect(await stage.refusal(stage.send('Governance', 'participants', 'set_payout', [MERCY, '0x0']))).toBe('Participants: zero address')
    expect(await stage.refusal(stage.send('Governance', 'participants', 'suspend', ['0x77']))).toBe('Participants: not active')
  })
})

describe('ownership', () => {
  const accept = (label: string) => stage.send(label, 'participants', 'accept_ownership', [])
  const offer = (label: string, to: string) => stage.send(label, 'participants', 'offer_ownership', [to])

  test('moves in two steps, only to whom it was offered, and not before two days have passed', async () => {
    const next = stage.as('Patient 6').address
    const { events } = await offer('Governance', next)
    const readyAtS = (await stage.nowS()) + DELAY_S
    expect(events).toMatchObject([{ type: 'OwnershipOffered', to: felt(next), readyAtS: expect.closeTo(readyAtS, -1) }])
    expect(await stage.refusal(accept('Patient 6'))).toBe('Participants: too early')
    await stage.pass(DELAY_S - 60)
    expect(await stage.refusal(accept('Patient 6'))).toBe('Participants: too early')
    await stage.pass(60)
    expect(await stage.refusal(accept('Patient 5'))).toBe('Participants: not offered')
    expect(await stage.view('participants', 'owner', [])).toEqual([BigInt(stage.as('Governance').address)])
    await accept('Patient 6')
    expect(await stage.view('participants', 'owner', [])).toEqual([BigInt(next)])
    expect(await stage.refusal(stage.send('Governance', 'participants', 'suspend', [MERCY]))).toBe('Participants: not allowed')
    expect(await stage.refusal(accept('Patient 6'))).toBe('Participants: not offered')
    await offer('Patient 6', stage.as('Governance').address)
    await stage.pass(DELAY_S)
    await accept('Governance')
    expect(felt(stage.as('Governance').address)).toBe(felt((await stage.view('participants', 'owner', []))[0] ?? 0n))
  })

  test('an offer can be taken back, and another one begins anew', async () => {
    await offer('Governance', stage.as('Patient 5').address)
    await stage.pass(DELAY_S)
    await offer('Governance', '0x0')
    expect(await stage.view('participants', 'ownership_ready_at_s', [])).toEqual([0n])
    expect(await stage.refusal(accept('Patient 5'))).toBe('Participants: not offered')
    await offer('Governance', stage.as('Patient 6').address)
    await stage.pass(DELAY_S - 60)
    await offer('Governance', stage.as('Patient 5').address)
    await stage.pass(120)
    expect(await stage.refusal(accept('Patient 6'))).toBe('Participants: not offered')
    expect(await stage.refusal(accept('Patient 5'))).toBe('Participants: too early')
    await offer('Governance', '0x0')
  })
})

describe('powers', () => {
  const plan = (of: string, powers: number) => stage.send('Governance', 'participants', 'plan_powers', [stage.as(of).address, powers])
  const apply = (of: string) => stage.send('Governance', 'participants', 'apply_powers', [stage.as(of).address])
  const suspend = (label: string) => stage.send(label, 'participants', 'suspend', [MERCY])
  const reinstate = (label: string) => stage.send(label, 'participants', 'reinstate', [MERCY])
  const powersOf = (of: string) => readPowers(stage.deployment, felt(stage.as(of).address))

  test('count once the delay has passed and the owner applied them, and each allows its own and nothing else', async () => {
    const { events } = await plan('Patient 2', 2)
    expect(events).toMatchObject([{ type: 'PowersPlanned', account: felt(stage.as('Patient 2').address), powers: 2 }])
    expect(await stage.refusal(apply('Patient 2'))).toBe('Participants: too early')
    expect(await stage.refusal(suspend('Patient 2'))).toBe('Participants: not allowed')
    expect(await powersOf('Patient 2')).toMatchObject({ current: [], planned: { powers: ['suspend'] } })
    await stage.pass(DELAY_S)
    expect(await stage.refusal(suspend('Patient 2'))).toBe('Participants: not allowed')
    expect((await apply('Patient 2')).events).toMatchObject([{ type: 'PowersChanged', powers: 2 }])
    expect(await powersOf('Patient 2')).toEqual({ current: ['suspend'], planned: undefined })
    expect(await stage.refusal(apply('Patient 2'))).toBe('Participants: not planned')
    await suspend('Patient 2')
    expect(await stage.refusal(admit('Patient 2', '0x1005'))).toBe('Participants: not allowed')
    expect(await stage.refusal(stage.send('Patient 2', 'participants', 'plan_powers', ['0x1', 1]))).toBe('Participants: not the owner')
    await plan('Patient 3', 1)
    await stage.pass(DELAY_S)
    await apply('Patient 3')
    await admit('Patient 3', '0x1005')
    // Who may admit reaches no organisation that exists: operators of both sides of a study could spend its money.
    expect(await stage.refusal(reinstate('Patient 3'))).toBe('Participants: not the owner')
    const foreign = stage.send('Patient 3', 'participants', 'add_operator', [MERCY, '0x1'])
    expect(await stage.refusal(foreign)).toBe('Participants: not the owner')
    await reinstate('Governance')
    expect(await stage.refusal(suspend('Patient 3'))).toBe('Participants: not allowed')
    expect(await stage.refusal(stage.send('Patient 3', 'rewardPool', 'pause', []))).toBe('Pool: not a pauser')
    await stage.send('Patient 2', 'participants', 'remove_operator', ['0x91005'])
  })

  test('are taken away at once, with what was planned, while to lessen or change them takes the delay', async () => {
    await plan('Patient 4', 15)
    await stage.pass(DELAY_S)
    await apply('Patient 4')
    await plan('Patient 4', 0)
    await suspend('Patient 4')
    await reinstate('Governance')
    const revoke = () => stage.send('Governance', 'participants', 'revoke_powers', [stage.as('Patient 4').address])
    expect((await revoke()).events).toMatchObject([{ type: 'PowersChanged', powers: 0 }])
    expect(await stage.refusal(suspend('Patient 4'))).toBe('Participants: not allowed')
    await stage.pass(DELAY_S)
    expect(await stage.refusal(apply('Patient 4'))).toBe('Participants: not planned')
    expect(await stage.refusal(revoke())).toBe('Participants: no powers')
    // Planned and not applied is taken away as well.
    await plan('Patient 4', 15)
    await revoke()
    await stage.pass(DELAY_S)
    expect(await stage.refusal(apply('Patient 4'))).toBe('Participants: not planned')
  })

  test('another plan takes the first one’s place, and its delay begins anew', async () => {
    await plan('Patient 5', 15)
    await stage.pass(DELAY_S - 60)
    await plan('Patient 5', 4)
    await stage.pass(120)
    expect(await stage.refusal(apply('Patient 5'))).toBe('Participants: too early')
    await stage.pass(DELAY_S)
    await apply('Patient 5')
    expect((await powersOf('Patient 5')).current).toEqual(['pause'])
  })

  test('a plan is stale two weeks after its delay: what one owner planned cannot surprise the next', async () => {
    await plan('Patient 6', 15)
    await stage.pass(DELAY_S + 14 * 86_400)
    expect(await stage.refusal(apply('Patient 6'))).toBe('Participants: plan is stale')
    await stage.send('Governance', 'participants', 'revoke_powers', [stage.as('Patient 6').address])
  })

  test('the owner has them all without a plan; a former owner none', async () => {
    for (const power of ['admit', 'suspend', 'pause', 'arbitrate'] as const) {
      expect(await readHasPower(stage.deployment, felt(stage.as('Governance').address), power)).toBe(true)
      expect(await readHasPower(stage.deployment, felt(stage.as('Patient 6').address), power)).toBe(false)
    }
  })

  test('error: no account, or a power that is not known', async () => {
    const of = stage.as('Patient 6').address
    expect(await stage.refusal(stage.send('Governance', 'participants', 'plan_powers', ['0x0', 1]))).toBe('Participants: zero address')
    for (const powers of [16, 255]) {
      expect(await stage.refusal(stage.send('Governance', 'participants', 'plan_powers', [of, powers]))).toBe('Participants: unknown power')
    }
  })
})
