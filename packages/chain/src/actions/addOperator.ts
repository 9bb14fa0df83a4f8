import type { AccountAddress, OrganisationId } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type AddOperator = { readonly organisation: OrganisationId; readonly operator: AccountAddress }

/** Calls that let `operator` act for an organisation. */
export const addOperatorCalls: CallBuilder<AddOperator> = (chain, { organisation, operator }) => [
  callOf(chain, 'participants', 'add_operator', [organisation, operator]),
]

/**
 * Lets `operator` act for an organisation; governance, or whom it gave the power.
 * @throws {ContractError} `Participants: not allowed`, `Participants: not admitted`, `Participants: operator taken`.
 */
export const addOperator = executes(addOperatorCalls)
