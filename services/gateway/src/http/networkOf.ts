import { accountSchema, type Felt, felt, type Network, roleSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Gateway } from '../composition.ts'
import { readJsonFile } from '../tenants/readJsonFile.ts'
import { isLocalNetwork } from './isLocalNetwork.ts'

const SN_MAIN = felt('0x534e5f4d41494e')
const accountsSchema = z.array(z.object({ address: accountSchema, label: z.string(), portal: roleSchema }))

/**
 * What a browser needs to talk to the chain, from the deployment; development accounts only where the network is local.
 * @throws {ConfigurationError} The file of development accounts is malformed.
 */
export async function networkOf({ env, deployment, tenants }: Pick<Gateway, 'env' | 'deployment' | 'tenants'>): Promise<Network> {
  const isLocal = isLocalNetwork(deployment)
  const { participants, consentRegistry, accessLog, rewardPool } = deployment.contracts
  return {
    kind: isLocal ? 'local' : deployment.chainId === SN_MAIN ? 'mainnet' : 'sepolia',
    chainId: deployment.chainId,
    rpcUrl: deployment.rpcUrl,
    transactionUrl: isLocal ? null : explorerOf(deployment.chainId),
    contracts: { participants, consentRegistry, accessLog, rewardPool },
    tokens: deployment.tokens.map(({ address, symbol, decimals }) => ({ address, symbol, decimals })),
    tenants: tenants.all.map(({ organisation, name, role }) => ({ organisation, name, role })),
    developmentAccounts:
      isLocal && env.DEVELOPMENT_ACCOUNTS_FILE !== undefined
        ? await readJsonFile(env.DEVELOPMENT_ACCOUNTS_FILE, accountsSchema, { code: 'config/development-accounts' })
        : [],
    maxBundleBytes: env.MAX_BUNDLE_BYTES,
  }
}

function explorerOf(chainId: Felt): string {
  return chainId === SN_MAIN ? 'https://voyager.online/tx/{hash}' : 'https://sepolia.voyager.online/tx/{hash}'
}
