import { type AccountAddress, type EmergencyPurpose, type Felt, purposeOf } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type AppendEmergency = { readonly patient: AccountAddress; readonly reason: EmergencyPurpose; readonly digest: Felt }

/** Calls that write an emergency access of the sender's hospital. */
export const appendEmergencyCalls: CallBuilder<AppendEmergency> = (chain, { patient, reason, digest }) => [
  callOf(chain, 'accessLog', 'append_emergency', [patient, purposeOf(reason).index, digest]),
]

/**
 * Writes an emergency access ("break the glass") of the sender's hospital.
 * @throws {ContractError} `Log: not a hospital`, `Log: no emergency reason`, `Log: zero patient`, `Log: zero digest`.
 */
export const appendEmergency = executes(appendEmergencyCalls)
