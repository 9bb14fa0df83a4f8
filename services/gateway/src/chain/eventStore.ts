import { type ChainEvent, type Cursor, cursorSchema, type Deployment, type EventBatch, eventFromJson, eventJson } from '@medsync/chain'
import * as z from 'zod'
import type { Database, Transaction } from '../database/database.ts'

const cursorRow = z.object({ deployment: z.string(), cursor: z.preprocess(parsedJson, cursorSchema) })
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

  /** The cursor, and every event up to it; undefined when nothing was read of this deployment. Another deployment's events are forgotten. */
  async load(): Promise<{ cursor: Cursor; events: ChainEvent[] } | undefined> {
    return await this.#database.inShared(async (tx) => {
      const kept = await tx.first(cursorRow, 'SELECT deployment, cursor FROM chain_cursor')
      if (kept !== undefined && kept.deployment !== this.#deployment) {
        await tx.run('DELETE FROM chain_events')
        await tx.run('DELETE FROM chain_cursor')
        return undefined
      }
      return kept === undefined ? undefined : { cursor: kept.cursor, events: await allEvents(tx) }
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

  /** Every event that is kept, in the order of the chain. */
  async events(): Promise<ChainEvent[]> {
    return await this.#database.inShared(allEvents)
  }
}

async function allEvents(tx: Transaction): Promise<ChainEvent[]> {
  const rows = await tx.rows(eventRow, 'SELECT event FROM chain_events ORDER BY block_number, transaction_index, event_index')
  return rows.map(({ event }) => eventFromJson(event))
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
