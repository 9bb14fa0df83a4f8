import { callRpc, type RpcOptions } from '@medsync/chain'
import { type AccountAddress, type Felt, feltSchema, type Network } from '@medsync/protocol'
import { hash } from 'starknet'
import * as z from 'zod'

const u256Schema = z.tuple([feltSchema, feltSchema])

/** What `account` holds of an ERC-20, smallest unit. */
export async function readBalance(network: Network, token: Felt, account: AccountAddress, options?: RpcOptions): Promise<bigint> {
  const request = { contract_address: token, entry_point_selector: hash.getSelectorFromName('balance_of'), calldata: [account] }
  const [low, high] = await callRpc(network.rpcUrl, 'starknet_call', { request, block_id: 'latest' }, u256Schema, options)
  return BigInt(low) + (BigInt(high) << 128n)
}
