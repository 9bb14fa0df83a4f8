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
import { isSameMac } from '../keys/isSameMac.ts'
import { type Key, type KeyRing, keyedHash } from '../keys/keyRing.ts'
import { canonicalJson } from './canonicalJson.ts'

const json = z.preprocess(parsedJson, z.unknown())
const bytes = z.instanceof(Uint8Array)
const cursorRow = z.object({ deployment: z.string(), cursor: json, mac: bytes })
const lastRow = z.object({ block_number: z.number(), transaction_index: z.number(), event_index: z.number(), mac: bytes })
const eventRow = lastRow.extend({ event: json })
type Place = Pick<ChainEvent['at'], 'blockNumber' | 'transactionIndex' | 'eventIndex'>
const placedSchema = z.object({ at: z.object({ blockNumber: z.number(), transactionIndex: z.number(), eventIndex: z.number() }) })
const ORDER = 'block_number, transaction_index, event_index'
const NEWEST_FIRST = 'block_number DESC, transaction_index DESC, event_index DESC'
/** Rows in one statement. */
const CHUNK = 500

/**
 * Keeps events and cursor, together or not at all. Roles and consents are made from them, so each event carries an authenticator over
 * itself and all events before it, and the cursor one over itself and the last event: what was written, changed or deleted by hand is
 * noticed, and then everything is read from the chain again.
 */
export class EventStore {
  readonly #database: Database
  readonly #deployment: string
  readonly #key: Key

  constructor(database: Database, { chainId, contracts }: Deployment, keys: KeyRing) {
    this.#database = database
    this.#deployment = [chainId, ...Object.values(contracts)].join('|')
    this.#key = keys.shared('chain-events-mac')
  }

  /**
   * Returns the cursor and every event up to it; undefined when nothing was read of this deployment. What an earlier version set aside is
   * read once more. Another deployment's events are forgotten. So is everything when something in it was not written by this gateway, or
   * when another version stored what this one cannot read: all of it is on the chain, and is read from there again.
   * @param onForged - Called when something in it was not written by this gateway.
   */
  async load(onForged: () => void): Promise<{ cursor: Cursor; events: ChainEvent[] } | undefined> {
    return await this.#database.inShared(async (tx) => {
      const kept = await tx.first(cursorRow, 'SELECT deployment, cursor, mac FROM chain_cursor')
      if (kept === undefined) {
        await tx.run('DELETE FROM chain_events')
        return undefined
      }
      const isOurs = kept.deployment === this.#deployment
      const events = isOurs ? await this.#authenticEvents(tx, kept) : undefined
      if (isOurs && events === undefined) onForged()
      const cursor = cursorSchema.safeParse(kept.cursor).data
      const read = cursor === undefined || events === undefined ? undefined : readEvents(events)
      if (cursor !== undefined && read !== undefined) return { cursor, events: read }
      await tx.run('DELETE FROM chain_events')
      await tx.run('DELETE FROM chain_cursor')
      return undefined
    })
  }

  /** Stores a batch with its cursor. */
  async store(batch: EventBatch): Promise<void> {
    await this.#database.inShared(async (tx) => {
      if (batch.kind === 'rollback') await tx.run('DELETE FROM chain_events WHERE block_number > $1', [batch.toBlock])
      const last = await tx.first(lastRow, `SELECT ${ORDER}, mac FROM chain_events ORDER BY ${NEWEST_FIRST} LIMIT 1`)
      const lastMac = batch.kind === 'rollback' ? last?.mac : await this.#append(tx, last, batch.events)
      const cursor = JSON.stringify(batch.cursor)
      await tx.run(
        `INSERT INTO chain_cursor (single, deployment, cursor, mac) VALUES (true, $1, $2::text::jsonb, $3)
         ON CONFLICT (single) DO UPDATE SET deployment = EXCLUDED.deployment, cursor = EXCLUDED.cursor, mac = EXCLUDED.mac`,
        [this.#deployment, cursor, this.#cursorMac(JSON.parse(cursor), lastMac)],
      )
    })
  }

  /** Adds what comes after the last event; a batch whose commit was not heard of may be stored again. @returns The mac of the last one. */
  async #append(
    tx: Transaction,
    last: z.output<typeof lastRow> | undefined,
    events: readonly ChainEvent[],
  ): Promise<Uint8Array | undefined> {
    let mac: Uint8Array | undefined = last?.mac
    const added = last === undefined ? events : events.filter(({ at }) => isAfter(at, last))
    const rows = added.map((event) => {
      const text = eventJson(event)
      mac = this.#eventMac(JSON.parse(text), mac)
      return { text, mac: hex(mac) }
    })
    for (let start = 0; start < rows.length; start += CHUNK) await insert(tx, rows.slice(start, start + CHUNK))
    return mac
  }

  async #authenticEvents(tx: Transaction, kept: z.output<typeof cursorRow>): Promise<unknown[] | undefined> {
    const rows = await tx.rows(eventRow, `SELECT ${ORDER}, event, mac FROM chain_events ORDER BY ${ORDER}`)
    let last: Uint8Array | undefined
    for (const { event, mac } of rows) {
      last = this.#eventMac(event, last)
      if (!isSameMac(mac, last)) return undefined
    }
    if (!isSameMac(kept.mac, this.#cursorMac(kept.cursor, last))) return undefined
    return rows.every((row) => isAt(row)) ? rows.map(({ event }) => event) : undefined
  }

  #eventMac(event: unknown, before: Uint8Array | undefined): Uint8Array {
    return keyedHash(this.#key, 'event', this.#deployment, hex(before), canonicalJson(event))
  }

  #cursorMac(cursor: unknown, lastEvent: Uint8Array | undefined): Uint8Array {
    return keyedHash(this.#key, 'cursor', this.#deployment, hex(lastEvent), canonicalJson(cursor))
  }
}

async function insert(tx: Transaction, rows: readonly { readonly text: string; readonly mac: string }[]): Promise<void> {
  await tx.run(
    `INSERT INTO chain_events (block_number, transaction_index, event_index, event, mac)
     SELECT (e->'at'->>'blockNumber')::bigint, (e->'at'->>'transactionIndex')::bigint, (e->'at'->>'eventIndex')::bigint, e, decode(m, 'hex')
     FROM ROWS FROM (jsonb_array_elements($1::text::jsonb), unnest($2::text[])) AS added (e, m)`,
    [`[${rows.map(({ text }) => text).join(',')}]`, rows.map(({ mac }) => mac)],
  )
}

function isAfter(at: Place, last: z.output<typeof lastRow>): boolean {
  const [block, transaction] = [at.blockNumber - last.block_number, at.transactionIndex - last.transaction_index]
  return (block || transaction || at.eventIndex - last.event_index) > 0
}

/** Whether the columns that a row is found by say what its event says. */
function isAt({ event, ...row }: z.output<typeof eventRow>): boolean {
  const at = placedSchema.safeParse(event).data?.at
  return row.block_number === at?.blockNumber && row.transaction_index === at.transactionIndex && row.event_index === at.eventIndex
}

/** Reads stored events; undefined when one of them cannot be read. */
function readEvents(events: readonly unknown[]): ChainEvent[] | undefined {
  try {
    return events.map((event) => {
      const read = eventFromJson(event)
      return read.type === 'SetAside' ? readAgain(read) : read
    })
  } catch (error) {
    if (error instanceof UnknownEventError) return undefined
    throw error
  }
}

function hex(mac: Uint8Array | undefined): string {
  return mac === undefined ? '' : Buffer.from(mac).toString('hex')
}

function parsedJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}
