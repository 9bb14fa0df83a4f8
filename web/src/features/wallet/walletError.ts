import { ContractError } from '@medsync/protocol'
import { PortalError } from '../problem/PortalError.ts'

/** Code of the Starknet wallet API for "the person declined". */
const REFUSED = 113

/**
 * Throws what a wallet threw, in our words.
 * @throws {ContractError} `chain/rejected-by-user`: declined in the wallet.
 * @throws {PortalError} `wallet/failed`: anything else.
 */
export function walletErrorOf(cause: unknown): never {
  const { code, message } = (typeof cause === 'object' && cause !== null ? cause : {}) as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message : ''
  if (code === REFUSED || /USER_REFUSED|rejected|declined/i.test(text)) throw new ContractError('chain/rejected-by-user', '', { cause })
  throw new PortalError('wallet/failed', { cause })
}
