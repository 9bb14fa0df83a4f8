import { devnetRpc } from '@medsync/testing'
import * as z from 'zod'

/** Where a value can stand for everybody to read. */
export const SOURCES = ['calldata', 'events', 'storage', 'traces'] as const
export type Source = (typeof SOURCES)[number]

/** Every number that the chain shows, by where it stands. */
export type Felts = Readonly<Record<Source, ReadonlySet<bigint>>>

const blockSchema = z.object({ transactions: z.array(z.unknown()) })
const eventsSchema = z.object({
  events: z.array(z.object({ from_address: z.string(), keys: z.array(z.string()), data: z.array(z.string()) })),
  // A second page would be left unread.
  continuation_token: z.undefined().optional(),
})
const stateSchema = z.object({ state_diff: z.unknown() })

/** All numbers of some blocks: transactions whole, receipts with their events, storage differences, and what contracts told each other. */
export async function feltsOfBlocks(rpcUrl: string, first: number, last: number): Promise<Felts> {
  const found = { calldata: new Set<bigint>(), events: new Set<bigint>(), storage: new Set<bigint>(), traces: new Set<bigint>() }
  for (let block = first; block <= last; block += 1) {
    const at = { block_id: { block_number: block } }
    const parts: Record<Source, unknown> = {
      // Hashes of the blocks themselves, which name each other, are no part of what a transaction shows.
      calldata: blockSchema.parse(await devnetRpc(rpcUrl, 'starknet_getBlockWithTxs', at)).transactions,
      events: eventsSchema.parse(
        await devnetRpc(rpcUrl, 'starknet_getEvents', { filter: { from_block: at.block_id, to_block: at.block_id, chunk_size: 1_000 } }),
      ).events,
      storage: stateSchema.parse(await devnetRpc(rpcUrl, 'starknet_getStateUpdate', at)).state_diff,
      traces: await devnetRpc(rpcUrl, 'starknet_traceBlockTransactions', at),
    }
    for (const source of SOURCES) {
      for (const [text] of JSON.stringify(parts[source]).matchAll(/0x[0-9a-f]+/g)) found[source].add(BigInt(text))
    }
  }
  return found
}

/**
 * Where a value stands in clear: alone, or packed with others into one number.
 * @returns The sources, in their order; none when it is nowhere.
 */
export function whereIs(value: bigint, felts: Felts): Source[] {
  return SOURCES.filter((source) => [...felts[source]].some((found) => holds(found, value)))
}

/** A large value is found at any digit; a small one, which would be found by chance, only where values are packed to. */
function holds(found: bigint, value: bigint): boolean {
  if (found === value) return true
  if (value >= 2n ** 80n) return found.toString(16).includes(value.toString(16))
  return [0n, 64n, 128n, 192n].some((low) => [64n, 128n].some((width) => ((found >> low) & (2n ** width - 1n)) === value))
}
