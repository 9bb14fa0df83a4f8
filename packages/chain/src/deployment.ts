import { type AccountAddress, accountSchema, type Felt, feltSchema } from '@medsync/protocol'
import * as z from 'zod'

const contractAddressesSchema = z.object({
  participants: accountSchema,
  consentRegistry: accountSchema,
  accessLog: accountSchema,
  rewardPool: accountSchema,
})

/** Shape of a deployment file. */
export const deploymentSchema = z.object({
  chainId: feltSchema,
  /** JSON-RPC address of a node, version 0.10. */
  rpcUrl: z.url({ protocol: /^https?$/ }),
  /** WebSocket address of the same node; optional, nothing depends on it. */
  wsUrl: z.url({ protocol: /^wss?$/ }).optional(),
  contracts: contractAddressesSchema,
  /** ERC-20 tokens that studies may pay with. */
  tokens: z.array(z.object({ address: accountSchema, symbol: z.string(), decimals: z.number().int().min(0).max(36) })),
  /** First block with anything of ours in it; reading starts here. */
  startBlock: z.number().int().min(0),
})

/** Where MedSync lives on a chain. */
export type Deployment = z.output<typeof deploymentSchema>

/** The four contracts by the names that all code uses. */
export type ContractName = 'participants' | 'consentRegistry' | 'accessLog' | 'rewardPool'
export type ContractAddresses = Readonly<Record<ContractName, AccountAddress>>

/** As much of a deployment as reading and writing needs; the answer of the gateway's `/api/network` is one, too. */
export type Chain = { readonly rpcUrl: string; readonly contracts: ContractAddresses }

/** A `Chain` that knows its id, for what binds to it. */
export type IdentifiedChain = Chain & { readonly chainId: Felt }
