import type { AccountAddress } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type NameGuardian = { readonly guardian: AccountAddress /** Exclusive, seconds. */; readonly untilS: number }

/** Calls that let `guardian` act for the sender's consents. */
export const nameGuardianCalls: CallBuilder<NameGuardian> = (chain, { guardian, untilS }) => [
  callOf(chain, 'consentRegistry', 'name_guardian', [guardian, BigInt(untilS)]),
]

/**
 * Lets `guardian` act for the sender's consents before `untilS`; naming one again changes the time.
 * @throws {ContractError} `Consent: own guardian`, `Consent: bad guardian time`, `Consent: zero address`.
 */
export const nameGuardian = executes(nameGuardianCalls)
