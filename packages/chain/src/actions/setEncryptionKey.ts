import { callOf } from '../calls/callOf.ts'
import { keyToNumber } from '../encryptionKey.ts'
import { type CallBuilder, executes } from '../transactions/execute.ts'

export type SetEncryptionKey = { /** X25519 public key, 32 bytes. */ readonly key: Uint8Array }

/** Calls that publish the key which data for the sender is encrypted to. */
export const setEncryptionKeyCalls: CallBuilder<SetEncryptionKey> = (chain, { key }) => [
  callOf(chain, 'participants', 'set_encryption_key', [keyToNumber(key)]),
]

/**
 * Publishes the key which data for the sender is encrypted to.
 * @throws {ContractError} `Participants: not an operator`, `Participants: not active`, `Participants: zero key`.
 */
export const setEncryptionKey = executes(setEncryptionKeyCalls)
