import { feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import { readJsonFile } from './tenants/readJsonFile.ts'

/** Where MedSync's contracts are; written by the deploy chore. Fields that the gateway does not need itself are kept for the typed clients. */
export const deploymentSchema = z.looseObject({
  chainId: feltSchema,
  rpcUrl: z.url(),
  wsUrl: z.url().optional(),
  contracts: z.looseObject({ participants: feltSchema, consentRegistry: feltSchema, accessLog: feltSchema, rewardPool: feltSchema }),
  tokens: z.array(z.looseObject({ address: feltSchema, symbol: z.string(), decimals: z.number().int() })),
  startBlock: z.number().int().min(0),
})

export type Deployment = z.output<typeof deploymentSchema>

/**
 * Reads the deployment file.
 * @throws {ConfigurationError} `config/deployment`: missing or malformed.
 */
export async function readDeployment(path: string): Promise<Deployment> {
  return readJsonFile(path, deploymentSchema, { code: 'config/deployment' })
}
