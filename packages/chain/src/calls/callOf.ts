import type { Abi, ExtractAbiFunctions, ExtractArgs } from 'abi-wan-kanabi/kanabi'
import type { Call, RawArgsArray } from 'starknet'
import { type abis, callData } from '../abis.ts'
import type { Chain, ContractName } from '../deployment.ts'

type ArgumentsByName<A extends Abi> = { [F in ExtractAbiFunctions<A> as F['name']]: ExtractArgs<A, F> }
type EntryPoints = {
  participants: ArgumentsByName<(typeof abis)['participants']>
  consentRegistry: ArgumentsByName<(typeof abis)['consentRegistry']>
  accessLog: ArgumentsByName<(typeof abis)['accessLog']>
  rewardPool: ArgumentsByName<(typeof abis)['rewardPool']>
}

/** Names of the entry points of a contract. */
export type EntryPoint<C extends ContractName> = keyof EntryPoints[C] & string
/** Arguments of an entry point, as its ABI has them. */
export type Arguments<C extends ContractName, E extends EntryPoint<C>> = EntryPoints[C][E]

/** One call of a contract of ours, encoded; a misspelt entry point or a wrong argument does not compile. */
export function callOf<C extends ContractName, E extends EntryPoint<C>>(
  chain: Chain,
  contract: C,
  entrypoint: E,
  args: Arguments<C, E>,
): Call {
  return { contractAddress: chain.contracts[contract], entrypoint, calldata: encode(contract, entrypoint, args) }
}

/** Arguments as felts, by the ABI. */
export function encode<C extends ContractName, E extends EntryPoint<C>>(contract: C, entrypoint: E, args: Arguments<C, E>): string[] {
  return callData[contract].compile(entrypoint, args as RawArgsArray)
}
