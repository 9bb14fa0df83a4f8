import type { AccountAddress } from '@medsync/protocol'
import { type Call, CallData, cairo } from 'starknet'
import type { Chain } from '../deployment.ts'
import { executes } from '../transactions/execute.ts'

export type ApproveToken = { readonly token: AccountAddress /** Smallest unit. */; readonly amount: bigint }

/** Calls that let the reward pool take `amount` of the sender's token (ERC-20 `approve`); never more than a deposit needs. */
export function approveTokenCalls(chain: Chain, { token, amount }: ApproveToken): Call[] {
  const calldata = CallData.compile({ spender: chain.contracts.rewardPool, amount: cairo.uint256(amount) })
  return [{ contractAddress: token, entrypoint: 'approve', calldata }]
}

/** Lets the reward pool take `amount` of the sender's token. */
export const approveToken = executes(approveTokenCalls)
