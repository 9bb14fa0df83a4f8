import { Account, RpcProvider } from 'starknet'
import type { LocalAccountWithKey } from '../../../scripts/local/localAccounts.ts'

/**
 * The account that plays a part, ready to sign.
 * @param label - As in `localAccounts`, e.g. `Patient 1`.
 */
export function localAccount(rpcUrl: string, accounts: readonly LocalAccountWithKey[], label: string): Account {
  const found = accounts.find((each) => each.label === label)
  if (found === undefined) throw new RangeError(`no local account is called ${label}`)
  return new Account({ provider: new RpcProvider({ nodeUrl: rpcUrl }), address: found.address, signer: found.privateKey })
}
