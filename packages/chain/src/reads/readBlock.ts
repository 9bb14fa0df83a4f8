import { type Felt, feltSchema, ZERO } from '@medsync/protocol'
import * as z from 'zod'
import type { Chain } from '../deployment.ts'
import { ChainFailureError } from '../errors.ts'
import { RPC_CODES } from '../failures/failureOfRpc.ts'
import { callRpc, type RpcOptions } from '../rpc/callRpc.ts'

/**
 * What tells a block from any other. On Starknet the hash alone does; a local devnet leaves time and transactions out of it, so that a
 * block that comes back from a dump, or that takes an aborted one's place, has the old hash.
 */
export type BlockMark = { readonly number: number; readonly hash: Felt; readonly timestampS: number; readonly transactions: Felt }

const blockSchema = z.object({
  block_number: z.number().int(),
  block_hash: feltSchema,
  timestamp: z.number().int(),
  transaction_commitment: feltSchema.default(ZERO),
})

/** The block with this number, or the newest accepted one; undefined when the chain has none such (yet, or any more). */
export async function readBlock(
  chain: Pick<Chain, 'rpcUrl'>,
  block: number | 'latest',
  options?: RpcOptions,
): Promise<BlockMark | undefined> {
  const params = { block_id: block === 'latest' ? block : { block_number: block } }
  try {
    const found = await callRpc(chain.rpcUrl, 'starknet_getBlockWithTxHashes', params, blockSchema, options)
    return {
      number: found.block_number,
      hash: found.block_hash,
      timestampS: found.timestamp,
      transactions: found.transaction_commitment,
    }
  } catch (error) {
    if (error instanceof ChainFailureError && error.rpcCode === RPC_CODES.blockNotFound) return undefined
    throw error
  }
}

/** Id of the chain that the node is on. */
export async function readChainId(chain: Pick<Chain, 'rpcUrl'>, options?: RpcOptions): Promise<Felt> {
  return await callRpc(chain.rpcUrl, 'starknet_chainId', {}, feltSchema, options)
}
