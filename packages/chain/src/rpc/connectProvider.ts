import { RpcProvider } from 'starknet'
import type { Chain } from '../deployment.ts'
import { RPC_TIMEOUT_MS } from './callRpc.ts'

/**
 * A starknet.js provider whose every call ends in time: for accounts, which need one. Reads of this package go without.
 * @param options.signal - Ends all its calls, for example when the process stops.
 */
export function connectProvider(
  { rpcUrl }: Pick<Chain, 'rpcUrl'>,
  { signal, timeoutMs = RPC_TIMEOUT_MS }: { signal?: AbortSignal; timeoutMs?: number } = {},
): RpcProvider {
  const baseFetch: typeof fetch = (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    return fetch(input, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) })
  }
  return new RpcProvider({ nodeUrl: rpcUrl, baseFetch })
}
