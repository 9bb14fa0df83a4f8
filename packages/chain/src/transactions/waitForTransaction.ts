import { type Felt, feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Chain } from '../deployment.ts'
import { ChainFailureError, ChainUnreachableError } from '../errors.ts'
import { failureOfTrace, RPC_CODES } from '../failures/failureOfRpc.ts'
import { pause } from '../rpc/abortable.ts'
import { callRpc, type RpcOptions } from '../rpc/callRpc.ts'

const emittedSchema = z.object({ from_address: feltSchema, keys: z.array(feltSchema), data: z.array(feltSchema) })

const receiptSchema = z.object({
  transaction_hash: feltSchema,
  execution_status: z.enum(['SUCCEEDED', 'REVERTED']),
  finality_status: z.string(),
  revert_reason: z.string().optional(),
  block_number: z.number().int().optional(),
  actual_fee: z.object({ amount: z.string(), unit: z.string() }),
  events: z.array(emittedSchema),
  execution_resources: z.object({ l1_gas: z.number().int(), l2_gas: z.number().int(), l1_data_gas: z.number().int() }),
})

/** What became of a transaction that is in a block. */
export type Receipt = {
  readonly transaction: Felt
  readonly blockNumber: number
  /** Smallest unit of STRK. */
  readonly feeFri: bigint
  readonly l2Gas: number
  readonly l1DataGas: number
  readonly events: readonly z.output<typeof emittedSchema>[]
}

export type WaitOptions = RpcOptions & {
  readonly everyMs?: number
  /** After this long without a block the wait fails; the transaction may still come. */
  readonly withinMs?: number
}

/**
 * Waits until a transaction is in a block.
 * @throws {ContractError} It was reverted with a contract's text: nothing changed.
 * @throws {ChainFailureError} It was reverted for another reason.
 * @throws {ChainUnreachableError} It did not come in time.
 */
export async function waitForTransaction(
  chain: Pick<Chain, 'rpcUrl'>,
  transaction: Felt,
  { everyMs = 200, withinMs = 120_000, ...options }: WaitOptions = {},
): Promise<Receipt> {
  const endsAt = performance.now() + withinMs
  for (;;) {
    const receipt = await readReceipt(chain, transaction, options)
    if (receipt !== undefined) return receipt
    if (performance.now() >= endsAt) throw new ChainUnreachableError(`transaction ${transaction} is in no block yet`)
    await pause(everyMs, options.signal)
  }
}

/** The receipt of a transaction; undefined while it is in no block. Fails as `waitForTransaction` when it was reverted. */
export async function readReceipt(chain: Pick<Chain, 'rpcUrl'>, transaction: Felt, options?: RpcOptions): Promise<Receipt | undefined> {
  try {
    const params = { transaction_hash: transaction }
    const receipt = await callRpc(chain.rpcUrl, 'starknet_getTransactionReceipt', params, receiptSchema, options)
    if (receipt.block_number === undefined || !receipt.finality_status.startsWith('ACCEPTED')) return undefined
    if (receipt.execution_status === 'REVERTED')
      throw failureOfTrace(receipt.revert_reason ?? '', `transaction ${transaction} was reverted`)
    return {
      transaction: receipt.transaction_hash,
      blockNumber: receipt.block_number,
      feeFri: BigInt(receipt.actual_fee.amount),
      l2Gas: receipt.execution_resources.l2_gas,
      l1DataGas: receipt.execution_resources.l1_data_gas,
      events: receipt.events,
    }
  } catch (error) {
    if (error instanceof ChainFailureError && error.rpcCode === RPC_CODES.transactionNotFound) return undefined
    throw error
  }
}
