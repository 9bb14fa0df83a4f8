import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { account, felt, STARK_PRIME } from '@medsync/protocol'
import { expect, test } from 'vitest'
import type { Chain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { readConsentState } from '../reads/readConsent.ts'
import { readOrderNonce } from '../reads/readGuardians.ts'
import { readOrganisation } from '../reads/readParticipants.ts'

/** Asks a node that answers every call with these felts. */
async function answered<T>(felts: readonly bigint[], ask: (chain: Chain) => Promise<T>): Promise<T> {
  const node = createServer((_, response) => void response.end(JSON.stringify({ result: felts.map((value) => felt(value)) })))
  const { promise, resolve } = Promise.withResolvers<void>()
  node.listen(0, '127.0.0.1', resolve)
  await promise
  const contracts = { participants: account(0xa1), consentRegistry: account(0xa2), accessLog: account(0xa3), rewardPool: account(0xa4) }
  const chain: Chain = { rpcUrl: `http://127.0.0.1:${(node.address() as AddressInfo).port}/`, contracts }
  return await ask(chain).finally(() => node.close())
}

test('error: what a view answers and cannot mean is a failure with words, whatever it is', async () => {
  const nonce = (chain: Chain) => readOrderNonce(chain, account(1))
  expect(await answered([2n ** 53n - 1n], nonce)).toBe(2 ** 53 - 1)
  for (const felts of [[2n ** 53n], [2n ** 64n], [STARK_PRIME - 1n], []]) {
    await expect(answered(felts, nonce)).rejects.toBeInstanceOf(ChainFailureError)
  }
  for (const felts of [[9n, 1n, 1n], [1n], [1n, STARK_PRIME - 1n, 0n]]) {
    await expect(answered(felts, (chain) => readConsentState(chain, account(1), felt(2)))).rejects.toBeInstanceOf(ChainFailureError)
  }
})

test('an organisation’s name is any felt', async () => {
  const name = STARK_PRIME - 1n
  const found = await answered([1n, 1n, 5n, name, 7n], (chain) => readOrganisation(chain, felt(2n ** 251n)))
  expect(found).toMatchObject({ name: felt(name), payout: '0x7' })
})
