import { deployLocal, type LocalDeployment } from '../../../scripts/deploy/deployLocal.ts'

/**
 * Deploys the contracts as `npm start` does, with the local organisations and operators admitted (2 s on a new node, then 1 s).
 * @param options.salt - A test file that wants contracts of its own on a shared node gives its own.
 */
export async function deployMedsync(devnet: { rpcUrl: string }, options: { salt?: string } = {}): Promise<LocalDeployment> {
  return await deployLocal(devnet.rpcUrl, options)
}
