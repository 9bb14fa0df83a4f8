import { callRpc, decodeEvent, type RpcOptions } from '@medsync/chain'
import { type AccountAddress, accountSchema, type Felt, feltSchema, type Network, type OrganisationId } from '@medsync/protocol'
import { hash } from 'starknet'
import * as z from 'zod'

/** One time that rewards were collected. */
export type Claim = { readonly transaction: Felt; readonly blockNumber: number; readonly token: AccountAddress; readonly amount: bigint }

const emittedSchema = z.object({
  from_address: feltSchema,
  transaction_hash: feltSchema,
  block_number: z.number().int().optional(),
  keys: z.array(feltSchema),
  data: z.array(feltSchema),
})
const pageSchema = z.object({ events: z.array(emittedSchema), continuation_token: z.string().optional() })
const claimShape = z.object({ token: accountSchema, amount: z.bigint() })

/** Who collected: a patient by account, or an organisation. */
export type Claimant = { readonly account: AccountAddress } | { readonly organisation: OrganisationId }

/** Every time that the claimant collected rewards, newest first, from the pool's events. */
export async function readClaims(network: Network, claimant: Claimant, options?: RpcOptions): Promise<Claim[]> {
  const [name, key] =
    'account' in claimant ? (['RewardClaimed', claimant.account] as const) : (['OrganisationRewardClaimed', claimant.organisation] as const)
  const filter = {
    from_block: { block_number: 0 },
    to_block: 'latest',
    address: network.contracts.rewardPool,
    keys: [[hash.getSelectorFromName(name)], [key]],
    chunk_size: 200,
  }
  const claims: Claim[] = []
  let token: string | undefined
  do {
    const asked = { filter: token === undefined ? filter : { ...filter, continuation_token: token } }
    const page: z.output<typeof pageSchema> = await callRpc(network.rpcUrl, 'starknet_getEvents', asked, pageSchema, options)
    for (const event of page.events) {
      const fields = claimShape.parse(decodeEvent(network, event))
      claims.push({ transaction: event.transaction_hash, blockNumber: event.block_number ?? 0, ...fields })
    }
    token = page.continuation_token
  } while (token !== undefined)
  return claims.toReversed()
}
