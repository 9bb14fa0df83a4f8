import { describe, expect, test } from 'vitest'
import { felt } from './ids.ts'
import { type OrderMessage, orderHash, orderTypedData } from './orders.ts'

const message: OrderMessage = {
  chainId: felt(1),
  registry: felt(2),
  patient: felt(3),
  order: { revoke: [felt(4)], replace: [{ old: felt(5), new: felt(6) }], grant: [felt(7), felt(8)] },
  nonce: 9,
  deadlineS: 10,
}

describe('orderHash', () => {
  // That it is what starknet.js makes of the typed data and what the registry computes is shown on a node, in test/chain/merkle.test.ts.
  test('every field, the signer and the order of changes count', () => {
    const { order } = message
    const others: OrderMessage[] = [
      ...(['chainId', 'registry', 'patient'] as const).map((field) => ({ ...message, [field]: felt(99) })),
      { ...message, nonce: 10 },
      { ...message, deadlineS: 9 },
      { ...message, order: { ...order, revoke: [] } },
      { ...message, order: { ...order, revoke: [felt(4), felt(4)] } },
      { ...message, order: { ...order, replace: [] } },
      { ...message, order: { ...order, replace: [{ old: felt(6), new: felt(5) }] } },
      { ...message, order: { ...order, grant: order.grant.toReversed() } },
      { ...message, order: { revoke: order.grant, replace: order.replace, grant: order.revoke } },
    ]
    const hashes = [message, ...others].map((each) => orderHash(each, felt(3)))
    expect(new Set([...hashes, orderHash(message, felt(98))]).size).toBe(others.length + 2)
  })
})

describe('orderTypedData', () => {
  test('shows the wallet every change in plain', () => {
    expect(orderTypedData(message).message).toEqual({
      Registry: '0x2',
      Patient: '0x3',
      Revoke: ['0x4'],
      Replace: [{ Old: '0x5', New: '0x6' }],
      Grant: ['0x7', '0x8'],
      Nonce: '9',
      Deadline: '10',
    })
  })
})
