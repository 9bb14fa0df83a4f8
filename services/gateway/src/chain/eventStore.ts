import {
  type ChainEvent,
  type Cursor,
  cursorSchema,
  type Deployment,
  type EventBatch,
  eventFromJson,
  eventJson,
  readAgain,
  UnknownEventError,
} from '@medsync/chain'
import * as z from 'zod'
import type { Database, Transaction } from '../database/database.ts'

const cursorRow = z.object({ deployment: z.string(), cursor: z.preprocess(parsedJson, z.unknown()) })
const eventRow = z.object({ event: z.preprocess(parsedJson, z.unknown()) })
/** Rows in one statement. */
const CHUNK = 500

/** Keeps events and cursor, together or not at all. */
export class EventStore {
  readonly #database: Database
  readonly #deployment: string

  constructor(database: Database, { chainId, contracts }: Deployment) {
    this.#database = database
    this.#deployment = [chainId, ...Object.values(contracts)].join('|')
  }

  /**
   * The cursor, and every event up to it. What an earlier version set aside is read once more.
   * Undefined when nothing was read of this deployment, or when another version stored what this one cannot read: all is on the chain, so
   * it is forgotten here and read from there again.
   */
  async load(): Promise<{ cursor: Cursor; events: ChainEvent[] } | undefined> {
    return await this.#database.inShared(async (tx) => {
      const kept = await tx.first(cursorRow, 'SELECT deployment, cursor FROM chain_cursor')
      if (kept === undefined) return undefined
      const cursor = cursorSchema.safeParse(kept.cursor).data
      const events = kept.deployment === this.#deployment && cursor !== undefined ? await readableEvents(tx) : undefined
      if (cursor !== undefined && events !== undefined) return { cursor, events }
      await tx.run('DELETE FROM chain_events')
      await tx.run('DELETE FROM chain_cursor')
      return undefined
    })
  }

  /** Stores a batch with its cursor. */
  async store(batch: EventBatch): Promise<void> {
    await this.#database.inShared(async (tx) => {
      if (batch.kind === 'rollback') await tx.run('DELETE FROM chain_events WHERE block_number > $1', [batch.toBlock])
      else for (let start = 0; start < batch.events.length; start += CHUNK) await insert(tx, batch.events.slice(start, start + CHUNK))
      await tx.run(
        `INSERT INTO chain_cursor (single, deployment, cursor) VALUES (true, $1, $2::text::jsonb)
         ON CONFLICT (single) DO UPDATE SET deployment = EXCLUDED.deployment, cursor = EXCLUDED.cursor`,
        [this.#deployment, JSON.stringify(batch.cursor)],
      )
    })
  }
}

/** Every event that is kept, in the order of the chain; undefined when one of them cannot be read. */
async function readableEvents(tx: Transaction): Promise<ChainEvent[] | undefined> {
  const rows = await tx.rows(eventRow, 'SELECT event FROM chain_events ORDER BY block_number, transaction_index, event_index')
  try {
    return rows.map(({ event }) => {
      const read = eventFromJson(event)
      return read.type === 'SetAside' ? readAgain(read) : read
    })
  } catch (error) {
    if (error instanceof UnknownEventError) return undefined
    throw error
  }
}

/** Inserting twice changes nothing, so a batch whose commit was not heard of may be stored again. */
async function insert(tx: Transaction, events: readonly ChainEvent[]): Promise<void> {
  await tx.run(
    `INSERT INTO chain_events (block_number, transaction_index, event_index, event)
     SELECT (e->'at'->>'blockNumber')::bigint, (e->'at'->>'transactionIndex')::bigint, (e->'at'->>'eventIndex')::bigint, e
     FROM jsonb_array_elements($1::text::jsonb) AS e ON CONFLICT DO NOTHING`,
    [`[${events.map(eventJson).join(',')}]`],
  )
}

function parsedJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}
