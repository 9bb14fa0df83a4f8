import { MedsyncError } from '@medsync/protocol'
import { RpcError } from 'starknet'
import { ChainUnreachableError, RejectedByUserError } from '../errors.ts'
import { failureOfRpc, failureOfTrace } from './failureOfRpc.ts'

/** Number that the wallet standard gives to "the user refused". */
const USER_REFUSED = 113
const REFUSED = /user (abort|reject|refuse|denied|cancel)|rejected by user|USER_REFUSED/i
const TRANSPORT =
  /fetch failed|Failed to fetch|NetworkError|network error|ECONN|timed? ?out|Unexpected token|chain cannot be reached|Load failed/i

/**
 * Turns whatever starknet.js, a node or a wallet threw into a failure with words.
 * @example
 * await grantConsent(account, chain, { commitment }).catch((error) => show(decodeContractError(error).hint))
 */
export function decodeContractError(error: unknown): MedsyncError {
  if (error instanceof MedsyncError) return error
  if (error instanceof RpcError) return failureOfRpc(error.baseError, error.request.method)
  const text = textOf(error)
  if (codeOf(error) === USER_REFUSED || REFUSED.test(text)) return new RejectedByUserError({ cause: error })
  if (TRANSPORT.test(text)) return new ChainUnreachableError('', { cause: error })
  return failureOfTrace(text, error instanceof Error ? error.name : typeof error)
}

/** All the text there is in a failure; wallets put the trace in `data` or `cause`. */
function textOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (typeof error !== 'object' || error === null) return ''
  const { message, data, cause } = error as { message?: unknown; data?: unknown; cause?: unknown }
  return [typeof message === 'string' ? message : '', data === undefined ? '' : JSON.stringify(data), textOf(cause)].join(' ')
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined
}
