import { type AccountAddress, account, felt, type Network, signatureFelts } from '@medsync/protocol'
import { PortalError } from '../problem/PortalError.ts'
import type { InjectedWallet } from './findWallets.ts'
import type { Wallet } from './wallet.ts'
import { walletErrorOf } from './walletError.ts'

/**
 * Connects a wallet that the person brought: an extension found by `findWallets`.
 * @param silently - Only when the wallet lets us without asking, as after a reload.
 * @throws {PortalError} Declined or locked; on another network (`wallet/wrong-network`).
 */
export async function connectOwnWallet(network: Network, injected: InjectedWallet, silently = false): Promise<Wallet> {
  const [{ RpcProvider, WalletAccountV5 }, { StarknetInjectedWallet }] = await Promise.all([
    import('starknet'),
    import('@starknet-io/get-starknet-wallet-standard'),
  ])
  const provider = new RpcProvider({ nodeUrl: network.rpcUrl })
  // The window object is checked by `findWallets`; its exact type belongs to the library.
  const standard = new StarknetInjectedWallet(injected as unknown as ConstructorParameters<typeof StarknetInjectedWallet>[0])
  await requireNetwork(injected, network)
  const connected = await WalletAccountV5.connect(provider, standard, '1', undefined, silently).catch(walletErrorOf)
  const address = account(connected.address)
  const beforeUse = async (): Promise<void> => {
    await requireNetwork(injected, network)
    await requireAccount(injected, address)
  }
  return {
    kind: 'own',
    id: injected.id,
    name: injected.name,
    address,
    signTypedData: async (data) => {
      await beforeUse()
      return signatureFelts(await connected.signMessage(data).catch(walletErrorOf))
    },
    execute: async (calls) => {
      await beforeUse()
      return felt((await connected.execute([...calls])).transaction_hash)
    },
  }
}

async function requireNetwork(injected: InjectedWallet, network: Network): Promise<void> {
  const chainId = await injected.request({ type: 'wallet_requestChainId' }).catch(walletErrorOf)
  if (typeof chainId !== 'string' || felt(chainId) !== network.chainId) throw new PortalError('wallet/wrong-network')
}

async function requireAccount(injected: InjectedWallet, address: AccountAddress): Promise<void> {
  const accounts = await injected.request({ type: 'wallet_requestAccounts', params: { silent_mode: true } }).catch(walletErrorOf)
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  if (typeof first === 'string' && felt(first) !== address) throw new PortalError('wallet/other-account')
}
