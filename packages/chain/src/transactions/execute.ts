import { type Felt, felt } from '@medsync/protocol'
import type { Call, ResourceBoundsBN } from 'starknet'
import type { Chain } from '../deployment.ts'
import { decodeContractError } from '../failures/decodeContractError.ts'
import { abortable } from '../rpc/abortable.ts'

/** Fee bounds, tip (none when not given) and nonce. With bounds and nonce the transaction is sent at once; else starknet.js or the wallet asks the node. */
export type ExecuteDetails = {
  readonly resourceBounds?: ResourceBoundsBN
  readonly tip?: bigint
  readonly nonce?: bigint
}
export type ExecuteOptions = ExecuteDetails & { readonly signal?: AbortSignal }

/** Whoever can sign and send: a starknet.js `Account` on a server, a wallet's account in a browser. */
export type Sender = {
  readonly address: string
  execute(calls: Call[], details?: ExecuteDetails): Promise<{ readonly transaction_hash: string }>
}

/**
 * Sends calls as one transaction: all of them happen or none.
 * @returns Its hash; sent, not yet in a block (`waitForTransaction`).
 * @throws {ContractError} The estimation already failed, with the contract's words.
 * @throws {RejectedByUserError} The person declined.
 * @throws {ChainUnreachableError} The node did not answer; whether the transaction was sent is not known.
 */
export async function execute(sender: Sender, calls: Call[], { signal, ...details }: ExecuteOptions = {}): Promise<Felt> {
  try {
    const sent = sender.execute(calls, { tip: 0n, ...details })
    return felt((await abortable(sent, signal)).transaction_hash)
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    throw decodeContractError(error)
  }
}

/** Builds the calls of an action; pure, so that a wallet can show them and a multicall can join them. */
export type CallBuilder<Args> = (chain: Chain, args: Args) => Call[]

/** Makes an action out of its calls: build, sign, send. */
export function executes<Args>(build: CallBuilder<Args>) {
  return (sender: Sender, chain: Chain, args: Args, options?: ExecuteOptions): Promise<Felt> => execute(sender, build(chain, args), options)
}
