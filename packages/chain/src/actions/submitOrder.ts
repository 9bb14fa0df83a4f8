import type { AccountAddress, ConsentOrder } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { orderArguments } from '../calls/orderArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type SubmitOrder = { readonly patient: AccountAddress; readonly order: ConsentOrder }

/** Calls that carry out many changes for a patient, all or nothing. */
export const submitOrderCalls: CallBuilder<SubmitOrder> = (chain, { patient, order }) => [
  callOf(chain, 'consentRegistry', 'submit', [patient, orderArguments(order)]),
]

/**
 * Carries out many changes for a patient, all or nothing; the patient or a guardian in time only.
 * @throws {ContractError} `Consent: not a guardian`, `Consent: empty order`, `Consent: order too large`, and what each change may fail with.
 */
export const submitOrder = executes(submitOrderCalls)
