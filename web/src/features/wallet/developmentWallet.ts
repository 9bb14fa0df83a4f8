import { type AccountAddress, accountSchema, type Felt, felt, type Network, signatureFelts } from '@medsync/protocol'
import * as z from 'zod'
import { PortalError } from '../problem/PortalError.ts'
import type { Wallet } from './wallet.ts'

const predeployedSchema = z.object({ result: z.array(z.object({ address: accountSchema, private_key: z.string() })) })

/**
 * A wallet for the local network alone: signs with the key of a predeployed account, asked from the development node itself, so that no
 * key is ever in the page's code. Signs without asking, and says everywhere that it is not a real wallet.
 * @throws {PortalError} `wallet/no-development-key`: the node does not know this account.
 */
export async function connectDevelopmentWallet(network: Network, address: AccountAddress): Promise<Wallet> {
  const [{ Account, RpcProvider }, privateKey] = await Promise.all([import('starknet'), developmentKey(network.rpcUrl, address)])
  const account = new Account({ provider: new RpcProvider({ nodeUrl: network.rpcUrl }), address, signer: privateKey, cairoVersion: '1' })
  // One after the other: two transactions at once would take the same nonce.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work)
    last = result
    return result
  }
  return {
    kind: 'development',
    id: 'development',
    name: 'Development wallet',
    address,
    signTypedData: async (data) => signatureFelts(await account.signMessage(data)),
    execute: (calls) => inTurn(async (): Promise<Felt> => felt((await account.execute([...calls], { tip: 0n })).transaction_hash)),
  }
}

async function developmentKey(rpcUrl: string, address: AccountAddress): Promise<string> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'devnet_getPredeployedAccounts', params: {} }),
  }).catch((cause: unknown) => {
    throw new PortalError('wallet/no-development-key', { cause })
  })
  const parsed = predeployedSchema.safeParse(await response.json())
  const found = parsed.data?.result.find((account) => account.address === address)
  if (found === undefined) throw new PortalError('wallet/no-development-key')
  return found.private_key
}
