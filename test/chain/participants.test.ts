import { felt, slugToOrganisationId } from '@medsync/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raise, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await raise()
})
afterAll(() => stage.devnet.stop())

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
      stage.send(label, 'participants', 'reinstate', [MERCY]),
      stage.send(label, 'participants', 'set_payout', [MERCY, '0x1']),
      stage.send(label, 'participants', 'add_operator', [MERCY, '0x1']),
      stage.send(label, 'participants', 'remove_operator', [stage.as('Gateway of Mercy General').address]),
      stage.send(label, 'participants', 'offer_ownership', ['0x1']),
    ]
    expect(new Set(await Promise.all(calls.map(stage.refusal)))).toEqual(new Set(['Participants: not the owner']))
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
  test('moves in two steps, and only to whom it was offered', async () => {
    const next = stage.as('Patient 6').address
    await stage.send('Governance', 'participants', 'offer_ownership', [next])
    expect(await stage.refusal(stage.send('Patient 5', 'participants', 'accept_ownership', []))).toBe('Participants: not offered')
    expect(await stage.view('participants', 'owner', [])).toEqual([BigInt(stage.as('Governance').address)])
    await stage.send('Patient 6', 'participants', 'accept_ownership', [])
    expect(await stage.view('participants', 'owner', [])).toEqual([BigInt(next)])
    expect(await stage.refusal(stage.send('Governance', 'participants', 'suspend', [MERCY]))).toBe('Participants: not the owner')
    expect(await stage.refusal(stage.send('Patient 6', 'participants', 'accept_ownership', []))).toBe('Participants: not offered')
    await stage.send('Patient 6', 'participants', 'offer_ownership', [stage.as('Governance').address])
    await stage.send('Governance', 'participants', 'accept_ownership', [])
    expect(felt(stage.as('Governance').address)).toBe(felt((await stage.view('participants', 'owner', []))[0] ?? 0n))
  })

  test('an offer can be taken back', async () => {
    await stage.send('Governance', 'participants', 'offer_ownership', [stage.as('Patient 5').address])
    await stage.send('Governance', 'participants', 'offer_ownership', ['0x0'])
    expect(await stage.refusal(stage.send('Patient 5', 'participants', 'accept_ownership', []))).toBe('Participants: not offered')
  })
})
