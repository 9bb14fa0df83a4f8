import { type AccountAddress, type ConsentSecret, consentSecretFrom, consentSecretTypedData, type Felt } from '@medsync/protocol'
import { createStore } from '../store/createStore.ts'
import type { Wallet } from '../wallet/wallet.ts'

/** The secret of the signed-in account. In this tab's memory and nowhere else; gone with the tab, brought back by the wallet. */
export const secretStore = createStore<{ readonly account: AccountAddress; readonly secret: ConsentSecret } | undefined>(undefined)

/**
 * Lets the wallet bring the secret back. It signs the same text twice: two equal signatures show that it will give the same secret in
 * any other browser.
 * @throws {ConsentSecretError} The wallet signs differently each time.
 * @throws {PortalError | ContractError} Declined, locked, on another account.
 */
export async function openSecret(wallet: Wallet, chainId: Felt): Promise<ConsentSecret> {
  const message = consentSecretTypedData(chainId)
  const first = await wallet.signTypedData(message)
  const secret = consentSecretFrom(first, await wallet.signTypedData(message))
  secretStore.set({ account: wallet.address, secret })
  return secret
}
