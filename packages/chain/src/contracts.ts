import { type AccountInterface, Contract, type ProviderInterface, type TypedContractV2 } from 'starknet'
import type { Chain } from './deployment.ts'
import { accessLogAbi, consentRegistryAbi, participantsAbi, rewardPoolAbi } from './generated/index.ts'

/** The four contracts as starknet.js objects, typed by their ABIs. */
export type Contracts = {
  readonly participants: TypedContractV2<typeof participantsAbi>
  readonly consentRegistry: TypedContractV2<typeof consentRegistryAbi>
  readonly accessLog: TypedContractV2<typeof accessLogAbi>
  readonly rewardPool: TypedContractV2<typeof rewardPoolAbi>
}

/**
 * Typed contracts for whoever wants starknet.js' own interface. The actions and reads of this package need none of it.
 * @param providerOrAccount - A provider reads; an account writes as well.
 */
export function connectContracts(
  { contracts }: Pick<Chain, 'contracts'>,
  providerOrAccount: ProviderInterface | AccountInterface,
): Contracts {
  return {
    participants: new Contract({ abi: [...participantsAbi], address: contracts.participants, providerOrAccount }).typedv2(participantsAbi),
    consentRegistry: new Contract({ abi: [...consentRegistryAbi], address: contracts.consentRegistry, providerOrAccount }).typedv2(
      consentRegistryAbi,
    ),
    accessLog: new Contract({ abi: [...accessLogAbi], address: contracts.accessLog, providerOrAccount }).typedv2(accessLogAbi),
    rewardPool: new Contract({ abi: [...rewardPoolAbi], address: contracts.rewardPool, providerOrAccount }).typedv2(rewardPoolAbi),
  }
}
