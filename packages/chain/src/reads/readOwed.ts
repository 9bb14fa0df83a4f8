import type { AccountAddress, OrganisationId } from '@medsync/protocol'
import { callView, type ViewOptions } from '../calls/callView.ts'
import type { Chain } from '../deployment.ts'
import { amountShape } from '../shapes.ts'

/** What `account` may collect of `token`, smallest unit. */
export async function readOwed(chain: Chain, token: AccountAddress, account: AccountAddress, options?: ViewOptions): Promise<bigint> {
  return await callView(chain, 'rewardPool', 'owed', [token, account], amountShape, options)
}

/** What `organisation` may collect of `token`, smallest unit. */
export async function readOwedToOrganisation(
  chain: Chain,
  token: AccountAddress,
  organisation: OrganisationId,
  options?: ViewOptions,
): Promise<bigint> {
  return await callView(chain, 'rewardPool', 'owed_to_organisation', [token, organisation], amountShape, options)
}

/** What the pool's owner may collect of `token`, smallest unit. */
export async function readOwedToPool(chain: Chain, token: AccountAddress, options?: ViewOptions): Promise<bigint> {
  return await callView(chain, 'rewardPool', 'owed_to_pool', [token], amountShape, options)
}

/** All that the pool owes or holds in escrow of `token`, smallest unit. */
export async function readLiabilities(chain: Chain, token: AccountAddress, options?: ViewOptions): Promise<bigint> {
  return await callView(chain, 'rewardPool', 'liabilities', [token], amountShape, options)
}
