import { callRpc, type RpcOptions, readPendingEvent } from '@medsync/chain'
import { type AccountAddress, type Felt, feltSchema, type Network, type OrganisationId } from '@medsync/protocol'
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

/** Who collected: a patient by account, or an organisation. */
export type Claimant = { readonly account: AccountAddress } | { readonly organisation: OrganisationId }

/** Every time that the claimant collected rewards, newest first, from the pool's events; what cannot be read is left out. */
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
  let next: string | undefined
  do {
    const asked = { filter: next === undefined ? filter : { ...filter, continuation_token: next } }
    const page: z.output<typeof pageSchema> = await callRpc(network.rpcUrl, 'starknet_getEvents', asked, pageSchema, options)
    for (const event of page.events) {
      const read = readPendingEvent(network, event)
      if (read?.type !== 'RewardClaimed' && read?.type !== 'OrganisationRewardClaimed') continue
      const { transaction, token, amount } = read
      claims.push({ transaction, blockNumber: event.block_number ?? 0, token, amount })
    }
    next = page.continuation_token
  } while (next !== undefined)
  return claims.toReversed()
}
