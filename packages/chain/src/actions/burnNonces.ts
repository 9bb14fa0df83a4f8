import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type BurnNonces = {
  /** The first nonce that may still count; every order signed with a lower one is worthless. */
  readonly next: number | bigint
}

/** Calls that make every order worthless that the sender signed with a nonce below `next`. */
export const burnNoncesCalls: CallBuilder<BurnNonces> = (chain, { next }) => [
  callOf(chain, 'consentRegistry', 'burn_nonces', [BigInt(next)]),
]

/**
 * Makes every order worthless that the sender signed with a nonce below `next`.
 * @throws {ContractError} `Consent: bad nonce`: it is not ahead, or by more than 1,000,000.
 */
export const burnNonces = executes(burnNoncesCalls)
