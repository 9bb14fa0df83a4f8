import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import * as z from 'zod'
import { DatabaseError } from '../gatewayErrors.ts'
import { SHARED_SCHEMA } from './database.ts'

/** Two numbers of our own among the advisory locks of a database. */
const LOCK = [7_236_701, 1] as const
/** How often the holder shows that it is alive. */
const HEARTBEAT_MS = 1_000
/** How long after its last heartbeat was answered the holder may send something that cannot be taken back. Well below `STALE_S`. */
const FRESH_MS = 2_500
/** How long a holder may be silent before a gateway that stands by ends its connections. */
const STALE_S = 4
/** How often a gateway that stands by looks, and how often a holder that lost its connection tries again. */
const LOOK_MS = 300
/** For each statement on the lock's connection. */
const STATEMENT_MS = 3_000
/** Within this time all connections of the one before have to be gone. */
const FENCE_MS = 5_000
/** Name of the connections of gateways that write; what `%` stands for is the instance. */
const WRITERS = 'medsync-gateway:'
const STANDBYS = 'medsync-standby:'

const gotRow = z.object({ got: z.boolean() })
const holderRow = z.object({ pid: z.number(), application: z.string(), silent_s: z.number() })
const epochRow = z.object({ epoch: z.coerce.number().int() })
const countRow = z.object({ count: z.coerce.number().int() })

/** What a lock tells of itself. */
export type WriterLockOptions = {
  /** Called once, when another gateway holds the lock: this one stands by. */
  readonly onStandby?: (() => void) | undefined
  /** Called once, when another gateway has taken the lock over: this process must end. */
  readonly onLost?: ((failure: DatabaseError) => void) | undefined
  /** Called when the connection that holds the lock broke. */
  readonly onConnectionLost?: ((cause: Error) => void) | undefined
  /** Ends standing by. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The right to write to a Postgres database: one gateway at a time has it, for the life of its process. It is an advisory lock on a
 * connection of its own, with a lease row that names the holder.
 *
 * A gateway that stands by takes over when the lock is free, or when its holder has not been heard of for four seconds: then it ends the
 * holder's connection. Before it does anything else it writes itself into the lease row and ends every connection of any gateway before it.
 * A holder that was only stopped for a while therefore finds its transactions rolled back, and begins no other one, because each
 * transaction first looks whether the lease is still its own (`fence`). What goes elsewhere than to the database is sent only
 * when a heartbeat was answered a moment ago (`requireFresh`).
 *
 * Needs a session of its own on the server: a pooler in transaction mode gives none, which the heartbeat notices.
 */
export class WriterLock {
  /** Name of this gateway's connections. */
  readonly applicationName: string
  readonly #url: string
  readonly #instance = randomUUID()
  readonly #options: WriterLockOptions
  #client: Client | undefined
  #epoch = 0
  #confirmed = { monotonicMs: Number.NEGATIVE_INFINITY, wallMs: 0 }
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> | undefined
  #lost: DatabaseError | undefined
  #isReleased = false

  private constructor(url: string, options: WriterLockOptions) {
    this.#url = url
    this.#options = options
    this.applicationName = `${WRITERS}${this.#instance}`
  }

  /**
   * Waits until this process may write, however long that takes.
   * @param url - Of the database; without `application_name`.
   * @throws {DatabaseError} `database/unreachable`: at the first try. `database/no-session`: behind a pooler in transaction mode.
   */
  static async acquire(url: string, options: WriterLockOptions): Promise<WriterLock> {
    const lock = new WriterLock(url, options)
    try {
      await lock.#connect()
      await lock.#wait()
      await lock.#takeOver()
      await lock.#confirm()
    } catch (failure) {
      await lock.release()
      throw failure
    }
    lock.#timer = setInterval(() => void lock.#beat(), HEARTBEAT_MS)
    return lock
  }

  /** Expression that is true in a transaction while this gateway may write, and its two values from `$from` on. */
  fence(from: number): { readonly sql: string; readonly values: readonly [string, number] } {
    const sql = `EXISTS (SELECT 1 FROM "${SHARED_SCHEMA}".gateway_lease WHERE holder = $${from} AND epoch = $${from + 1})`
    return { sql, values: [this.#instance, this.#epoch] }
  }

  /** A transaction found that the lease is another's: this gateway writes no more. @returns What to throw. */
  lose(failure: DatabaseError = new DatabaseError('database/lock-lost')): DatabaseError {
    if (this.#lost !== undefined) return this.#lost
    this.#lost = failure
    clearInterval(this.#timer)
    // Before it was acquired, the failure is thrown.
    if (this.#timer !== undefined) this.#options.onLost?.(failure)
    return failure
  }

  /** Whether its connection stands and nobody has taken over. */
  get isHeld(): boolean {
    return this.#lost === undefined && !this.#isReleased && this.#client !== undefined
  }

  /**
   * To be awaited right before something is sent that cannot be taken back. Asks the server when the last heartbeat is too long ago.
   * @throws {DatabaseError} `database/lock-lost` when another gateway has taken over; `database/unreachable` when that may be so.
   */
  async requireFresh(): Promise<void> {
    if (!this.#isFresh()) await this.#beat()
    if (this.#lost !== undefined) throw this.#lost
    if (!this.#isFresh()) throw new DatabaseError('database/unreachable', 'the writer lock is not confirmed')
  }

  /** Gives the lock back; another gateway has it within a moment. */
  async release(): Promise<void> {
    this.#isReleased = true
    clearInterval(this.#timer)
    const client = this.#client
    this.#client = undefined
    // A server that is away does not answer the farewell.
    await Promise.race([client?.end().catch(() => undefined), sleep(HEARTBEAT_MS, undefined, { ref: false })])
  }

  /** Whether the lock was held a moment ago. */
  #isFresh(): boolean {
    const { monotonicMs, wallMs } = this.#confirmed
    // The monotonic clock stands still while a machine sleeps, the other one may be set back.
    const silentMs = Math.max(performance.now() - monotonicMs, Date.now() - wallMs)
    return this.#lost === undefined && !this.#isReleased && silentMs < FRESH_MS
  }

  async #wait(): Promise<void> {
    for (let isFirst = true; !(await this.#tryLock()); isFirst = false) {
      if (isFirst) this.#options.onStandby?.()
      await sleep(LOOK_MS, undefined, { signal: this.#options.signal }).catch(() => undefined)
      if (this.#options.signal?.aborted === true) throw new DatabaseError('database/standby-ended')
      await this.#endSilentHolder().catch(() => undefined)
      // While it waits the server may go away and come back.
      if (this.#client === undefined) await this.#connect().catch(() => undefined)
    }
  }

  async #tryLock(): Promise<boolean> {
    if (this.#client === undefined) return false
    try {
      const [row] = await this.#rows(gotRow, 'SELECT pg_try_advisory_lock($1, $2) AS got', [...LOCK])
      return row?.got === true
    } catch {
      // The connection ended, or the server does not answer: seen by whoever looks next.
      return false
    }
  }

  /** Ends the connection that holds the lock when nothing came over it for too long; a stopped process keeps its connection open. */
  async #endSilentHolder(): Promise<void> {
    const holder = await this.#holder()
    if (holder !== undefined && holder.silent_s > STALE_S) await this.#rows(z.unknown(), 'SELECT pg_terminate_backend($1)', [holder.pid])
  }

  async #holder(): Promise<z.output<typeof holderRow> | undefined> {
    const [holder] = await this.#rows(
      holderRow,
      `SELECT a.pid, a.application_name AS application,
         CASE WHEN a.state = 'active' THEN 0 ELSE extract(epoch FROM clock_timestamp() - a.state_change)::float8 END AS silent_s
       FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.classid::bigint = $1 AND l.objid::bigint = $2 AND l.objsubid = 2 AND l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [...LOCK],
    )
    return holder
  }

  /** Writes this gateway into the lease row, then ends every connection of others that write: what they had begun is rolled back. */
  async #takeOver(): Promise<void> {
    await this.#rows(z.unknown(), `CREATE SCHEMA IF NOT EXISTS "${SHARED_SCHEMA}"`)
    await this.#rows(
      z.unknown(),
      `CREATE TABLE IF NOT EXISTS "${SHARED_SCHEMA}".gateway_lease
         (single boolean PRIMARY KEY DEFAULT true CHECK (single), epoch bigint NOT NULL, holder text NOT NULL, taken_at timestamptz NOT NULL)`,
    )
    const [lease] = await this.#rows(
      epochRow,
      `INSERT INTO "${SHARED_SCHEMA}".gateway_lease AS l (epoch, holder, taken_at) VALUES (1, $1, now())
       ON CONFLICT (single) DO UPDATE SET epoch = l.epoch + 1, holder = EXCLUDED.holder, taken_at = EXCLUDED.taken_at RETURNING epoch`,
      [this.#instance],
    )
    this.#epoch = lease?.epoch ?? 0
    await this.#rows(z.unknown(), `SELECT set_config('application_name', $1, false)`, [this.applicationName])
    for (const untilMs = performance.now() + FENCE_MS; (await this.#endOthers()) > 0; await sleep(50)) {
      if (performance.now() > untilMs) throw new DatabaseError('database/unreachable', 'connections of the gateway before do not end')
    }
  }

  async #endOthers(): Promise<number> {
    const [row] = await this.#rows(
      countRow,
      `SELECT count(pg_terminate_backend(pid)) AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE $1 AND application_name <> $2 AND pid <> pg_backend_pid()`,
      [`${WRITERS}%`, this.applicationName],
    )
    return row?.count ?? 0
  }

  /** Shows that this process is alive, and looks whether its session still holds the lock. Never fails. */
  async #beat(): Promise<void> {
    this.#beating ??= this.#beatOnce().finally(() => {
      this.#beating = undefined
    })
    await this.#beating
  }

  async #beatOnce(): Promise<void> {
    if (this.#isReleased || this.#lost !== undefined) return
    try {
      if (this.#client === undefined) await this.#recover()
      else await this.#confirm()
    } catch (cause) {
      this.#drop(cause instanceof Error ? cause : undefined)
    }
  }

  async #confirm(): Promise<void> {
    const asked = { monotonicMs: performance.now(), wallMs: Date.now() }
    const [row] = await this.#rows(
      countRow,
      `SELECT count(*) AS count FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint = $2 AND objsubid = 2
         AND granted AND pid = pg_backend_pid()`,
      [...LOCK],
    )
    // Each statement reached another session: the lock keeps nobody out.
    if (row?.count === 0) throw this.lose(new DatabaseError('database/no-session'))
    this.#confirmed = asked
  }

  /** After its connection broke: takes the lock again, unless another gateway wrote itself into the lease row meanwhile. */
  async #recover(): Promise<void> {
    await this.#connect()
    if (!(await this.#isLeaseOurs())) {
      this.lose()
      return
    }
    if (!(await this.#tryLock())) {
      // The server may not have noticed that our connection is gone.
      const holder = await this.#holder()
      if (holder?.application === this.applicationName) await this.#rows(z.unknown(), 'SELECT pg_terminate_backend($1)', [holder.pid])
      this.#drop()
      return
    }
    if (await this.#isLeaseOurs()) await this.#confirm()
    else this.lose()
    await this.#rows(z.unknown(), `SELECT set_config('application_name', $1, false)`, [this.applicationName])
  }

  async #isLeaseOurs(): Promise<boolean> {
    const { sql, values } = this.fence(1)
    const [row] = await this.#rows(gotRow, `SELECT ${sql} AS got`, values)
    return row?.got === true
  }

  #drop(cause?: Error): void {
    const client = this.#client
    this.#client = undefined
    if (client === undefined) return
    if (cause !== undefined) this.#options.onConnectionLost?.(cause)
    client.end().catch(() => undefined)
    if (this.#timer !== undefined && !this.#isReleased && this.#lost === undefined) setTimeout(() => void this.#beat(), LOOK_MS).unref()
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#url,
      application_name: `${STANDBYS}${this.#instance}`,
      keepAlive: true,
      connectionTimeoutMillis: STATEMENT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS,
    })
    client.on('error', (cause) => {
      if (this.#client === client) this.#drop(cause)
    })
    client.on('end', () => {
      if (this.#client === client) this.#drop()
    })
    try {
      await client.connect()
    } catch (cause) {
      client.end().catch(() => undefined)
      throw new DatabaseError('database/unreachable', '', { cause })
    }
    this.#client = client
  }

  async #rows<T>(row: z.ZodType<T>, sql: string, values: readonly (string | number)[] = []): Promise<T[]> {
    if (this.#client === undefined) throw new DatabaseError('database/unreachable')
    const { rows } = await this.#client.query(sql, [...values])
    return rows.map((each) => row.parse(each))
  }
}
