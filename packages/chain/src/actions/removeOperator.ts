import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type RemoveOperator = { readonly operator: AccountAddress }

/** Calls that end what `operator` may do. */
export const removeOperatorCalls: CallBuilder<RemoveOperator> = (chain, { operator }) => [
  callOf(chain, 'participants', 'remove_operator', [operator]),
]

/**
 * Ends what `operator` may do, and forgets its encryption key; governance, or whom it gave the power.
 * @throws {ContractError} `Participants: not allowed`, `Participants: not an operator`.
 */
export const removeOperator = executes(removeOperatorCalls)
