import { felt, feltSchema } from '@medsync/protocol'
import { hash } from 'starknet'
import * as z from 'zod'
import { callData } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
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
 * @throws {ChainFailureError} The contract answered with what this view cannot answer, or what is too large to count with.
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
  const answer = decoded(() => callData[contract].parse(entrypoint, felts))
  const parsed = answer === undefined ? undefined : shape.safeParse(answer)
  if (parsed?.success !== true) throw new ChainFailureError(`${contract}.${entrypoint}: unexpected answer`)
  return parsed.data
}

/** What starknet.js makes of felts; undefined when it refuses them. */
function decoded(decode: () => unknown): unknown {
  try {
    return decode()
  } catch {
    return undefined
  }
}
