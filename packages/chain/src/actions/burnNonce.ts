import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

/** Calls that make every order worthless that the sender has signed so far. */
export const burnNonceCalls: CallBuilder<void> = (chain) => [callOf(chain, 'consentRegistry', 'burn_nonce', [])]

/**
 * Makes every order worthless that the sender has signed so far.
 * @throws {ContractError} None of its own.
 */
export const burnNonce = executes(burnNonceCalls)
