import type { AccountAddress, ConsentOrder, Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { orderArguments } from '../calls/orderArguments.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type SubmitSignedOrder = {
  readonly patient: AccountAddress
  /** The patient or a guardian, who signed `orderTypedData`. */
  readonly signer: AccountAddress
  readonly order: ConsentOrder
  readonly nonce: number | bigint
  readonly deadlineS: number
  readonly signature: readonly Felt[]
}

/** Calls that carry out an order that somebody signed; anybody may send them. */
export const submitSignedOrderCalls: CallBuilder<SubmitSignedOrder> = (chain, { patient, signer, order, nonce, deadlineS, signature }) => [
  callOf(chain, 'consentRegistry', 'submit_signed', [
    patient,
    signer,
    orderArguments(order),
    BigInt(nonce),
    BigInt(deadlineS),
    [...signature],
  ]),
]

/**
 * Brings an order that the patient or a guardian signed, and pays for it.
 * @throws {ContractError} `Consent: not a guardian`, `Consent: bad nonce`, `Consent: order expired`, `Consent: bad signature`, and what each change may fail with.
 */
export const submitSignedOrder = executes(submitSignedOrderCalls)
