import { felt, feltSchema } from '@medsync/protocol'
import { hash } from 'starknet'
import * as z from 'zod'
import { callData } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { callRpc, type RpcOptions } from '../rpc/callRpc.ts'
import { type Arguments, type EntryPoint, encode } from './callOf.ts'

/** As of when to read: the newest accepted block, or what is pre-confirmed on top of it. */
export type BlockTag = 'latest' | 'pre_confirmed'
export type ViewOptions = RpcOptions & { readonly block?: BlockTag }

const feltsSchema = z.array(feltSchema)

/**
 * Reads a view of a contract; the answer is decoded by the ABI and then checked by `shape`.
 * @param options.block - `latest` when not given.
 * @throws As `callRpc`.
 */
export async function callView<C extends ContractName, E extends EntryPoint<C>, T>(
  chain: Chain,
  contract: C,
  entrypoint: E,
  args: Arguments<C, E>,
  shape: z.ZodType<T>,
  { block = 'latest', ...options }: ViewOptions = {},
): Promise<T> {
  const request = {
    contract_address: chain.contracts[contract],
    entry_point_selector: hash.getSelectorFromName(entrypoint),
    calldata: encode(contract, entrypoint, args).map((value) => felt(BigInt(value))),
  }
  const felts = await callRpc(chain.rpcUrl, 'starknet_call', { request, block_id: block }, feltsSchema, options)
  return shape.parse(callData[contract].parse(entrypoint, felts))
}
