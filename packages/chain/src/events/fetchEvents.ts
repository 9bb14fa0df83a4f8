import { feltSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Chain } from '../deployment.ts'
import { callRpc, type RpcOptions } from '../rpc/callRpc.ts'

const emittedSchema = z.object({
  from_address: feltSchema,
  transaction_hash: feltSchema,
  transaction_index: z.number().int().min(0),
  event_index: z.number().int().min(0),
  block_number: z.number().int().min(0).optional(),
  keys: z.array(feltSchema),
  data: z.array(feltSchema),
})
export type EmittedEvent = z.output<typeof emittedSchema>

const pageSchema = z.object({ events: z.array(emittedSchema), continuation_token: z.string().optional() })

/** What a node is asked for: a span of blocks, both ends included, or what is only pre-confirmed. */
export type EventSpan = { readonly from: number; readonly to: number } | 'pre_confirmed'

export type FetchEventsOptions = RpcOptions & {
  /** Events in one answer; the node may give fewer. */ readonly pageSize?: number | undefined
}

/** All events of our contracts in a span, page by page, in the order of the chain. */
export async function fetchEvents(
  chain: Chain,
  span: EventSpan,
  { pageSize = 500, ...options }: FetchEventsOptions = {},
): Promise<EmittedEvent[]> {
  const [from_block, to_block] = span === 'pre_confirmed' ? [span, span] : [{ block_number: span.from }, { block_number: span.to }]
  const filter = { from_block, to_block, address: Object.values(chain.contracts), chunk_size: pageSize }
  const found: EmittedEvent[] = []
  let token: string | undefined
  do {
    const page: z.output<typeof pageSchema> = await callRpc(
      chain.rpcUrl,
      'starknet_getEvents',
      { filter: token === undefined ? filter : { ...filter, continuation_token: token } },
      pageSchema,
      options,
    )
    for (const event of page.events) found.push(event)
    token = page.continuation_token
  } while (token !== undefined)
  return found
}
