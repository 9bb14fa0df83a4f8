import { CallData } from 'starknet'
import type { ContractName } from './deployment.ts'
import { accessLogAbi, consentRegistryAbi, participantsAbi, rewardPoolAbi } from './generated/index.ts'

/** The generated ABI of each contract. */
export const abis = {
  participants: participantsAbi,
  consentRegistry: consentRegistryAbi,
  accessLog: accessLogAbi,
  rewardPool: rewardPoolAbi,
} as const satisfies Record<ContractName, unknown>

/** Encoders and decoders, one for each ABI, made once. */
export const callData = {
  participants: new CallData([...participantsAbi]),
  consentRegistry: new CallData([...consentRegistryAbi]),
  accessLog: new CallData([...accessLogAbi]),
  rewardPool: new CallData([...rewardPoolAbi]),
} as const satisfies Record<ContractName, CallData>
