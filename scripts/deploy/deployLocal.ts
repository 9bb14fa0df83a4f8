import type { Deployment } from '@medsync/chain'
import { account as address, felt } from '@medsync/protocol'
import { Account, RpcProvider } from 'starknet'
import type { LocalPeople } from '../local/addedHospitals.ts'
import { type LocalAccountWithKey, readLocalAccounts } from '../local/localAccounts.ts'
import { admitLocal } from './admitLocal.ts'
import { deployContracts } from './deployContracts.ts'

/** The local network, ready for use. */
export interface LocalDeployment {
  deployment: Deployment
  accounts: LocalAccountWithKey[]
}

/** STRK, which every local node deploys at its well-known address. */
const STRK = {
  address: address('0x04718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d'),
  symbol: 'STRK',
  decimals: 18,
}

/**
 * Deploys MedSync to a local node and admits the local organisations and operators; what is there already is left as it is.
 * @param options.salt - Another one gives another, independent deployment on the same node.
 * @param options.people - Everyone, when hospitals were added.
 */
export async function deployLocal(rpcUrl: string, options: { salt?: string; people?: LocalPeople } = {}): Promise<LocalDeployment> {
  const provider = new RpcProvider({ nodeUrl: rpcUrl })
  const [accounts, chainId] = await Promise.all([readLocalAccounts(rpcUrl, options.people?.more), provider.getChainId()])
  const owner = governanceOf(rpcUrl, accounts)
  const { contracts, startBlock } = await deployContracts(owner, options.salt)
  await admitLocal(owner, contracts.participants, accounts, options.people?.organisations)
  const wsUrl = rpcUrl.replace(/^http/, 'ws').replace(/\/rpc$/, '/ws')
  return { deployment: { chainId: felt(chainId), rpcUrl, wsUrl, contracts, tokens: [STRK], startBlock }, accounts }
}

/** The account that governs a local network, ready to sign. */
export function governanceOf(rpcUrl: string, accounts: readonly LocalAccountWithKey[]): Account {
  const governance = accounts.find(({ plays }) => plays === 'governance')
  if (governance === undefined) throw new RangeError('no local account plays governance')
  return new Account({ provider: new RpcProvider({ nodeUrl: rpcUrl }), address: governance.address, signer: governance.privateKey })
}
