import { type Deployment, deploymentSchema } from '@medsync/chain'
import { readJsonFile } from './tenants/readJsonFile.ts'

export type { Deployment } from '@medsync/chain'

/**
 * Reads the deployment file.
 * @throws {ConfigurationError} `config/deployment`: missing or malformed.
 */
export async function readDeployment(path: string): Promise<Deployment> {
  return readJsonFile(path, deploymentSchema, { code: 'config/deployment' })
}
