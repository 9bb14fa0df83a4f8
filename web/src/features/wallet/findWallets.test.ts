import { expect, test } from 'vitest'
import { findWallets } from './findWallets.ts'

const wallet = (id: string) => ({
  id,
  name: id,
  icon: '',
  version: '1',
  request: async () => null,
  on: () => undefined,
  off: () => undefined,
})

test('wallets are found by the keys that extensions use', () => {
  const found = findWallets({ starknet_argentX: wallet('argentX'), starknet_braavos: wallet('braavos'), other: wallet('other') })
  expect(found.map(({ id }) => id)).toEqual(['argentX', 'braavos'])
})

test('a wallet that also sits under the plain key is listed once', () => {
  expect(findWallets({ starknet: wallet('argentX'), starknet_argentX: wallet('argentX') })).toHaveLength(1)
})

test('error: what only looks like a wallet is left out', () => {
  expect(findWallets({ starknet_x: { id: 'x' }, starknet_y: null, starknet_z: 'z' })).toEqual([])
})
