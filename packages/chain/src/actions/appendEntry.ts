import { type AccountAddress, ENTRY_KINDS, type EntryKind, type Felt } from '@medsync/protocol'
import { callOf } from '../calls/callOf.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type AppendEntry = {
  readonly patient: AccountAddress /** An emergency is written by `appendEmergency`. */
  readonly kind: Exclude<EntryKind, 'emergency'>
  readonly digest: Felt
}

/** Calls that write an entry of the sender's hospital that belongs to no request. */
export const appendEntryCalls: CallBuilder<AppendEntry> = (chain, { patient, kind, digest }) => [
  callOf(chain, 'accessLog', 'append', [patient, ENTRY_KINDS[kind], digest]),
]

/**
 * Writes an entry of the sender's hospital.
 * @throws {ContractError} `Log: not a hospital`, `Log: zero patient`, `Log: zero digest`.
 */
export const appendEntry = executes(appendEntryCalls)
