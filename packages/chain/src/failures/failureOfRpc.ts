import { ContractError, type MedsyncError } from '@medsync/protocol'
import { ChainFailureError } from '../errors.ts'
import { contractErrorText, foreignErrorText } from './contractErrorText.ts'

/** An error as JSON-RPC gives it. */
export type RpcFailure = { readonly code: number; readonly message: string; readonly data?: unknown }

/** Numbers of JSON-RPC errors that the code acts upon (Starknet RPC 0.10, `api/starknet_api_openrpc.json`). */
export const RPC_CODES = { blockNotFound: 24, transactionNotFound: 29, contractNotFound: 20, badNonce: 52, feeTooLow: 53 } as const

/** Turns a node's error into ours: a contract's text where there is one, else the node's own short message. Never its parameters. */
export function failureOfRpc({ code, message, data }: RpcFailure, method: string): MedsyncError {
  return failureOfTrace(`${message} ${JSON.stringify(data ?? '')}`, `${method}: ${code} ${message}`, code)
}

/** As `failureOfRpc`, for any text that may hold a revert trace. */
export function failureOfTrace(trace: string, details: string, rpcCode?: number): MedsyncError {
  const text = contractErrorText(trace)
  if (text !== undefined) return new ContractError(text)
  const foreign = foreignErrorText(trace)
  return new ChainFailureError(foreign === undefined ? details.slice(0, 200) : foreign, rpcCode)
}
