import { type AccountAddress, accountSchema, type RecordId, recordIdSchema } from '@medsync/protocol'
import type { Logger } from 'pino'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database, Transaction } from '../database/database.ts'
import { isSameMac } from '../keys/isSameMac.ts'
import { type KeyRing, keyedHash } from '../keys/keyRing.ts'

/** A record and the account that it belongs to. */
export type Link = { readonly record: RecordId; readonly account: AccountAddress; readonly linkedAtS: number }

const bytes = z.instanceof(Uint8Array)
const linkRow = z.object({
  record: recordIdSchema,
  account: accountSchema,
  linked_at_s: z.number(),
  number: z.number().nullable(),
  mac: bytes.nullable(),
  state: z.number().nullable(),
  state_mac: bytes.nullable(),
})
type LinkRow = z.output<typeof linkRow>
const stateRow = z.object({ record: recordIdSchema, number: z.number(), mac: bytes })
const SELECT = `SELECT l.record, l.account, l.linked_at_s, l.number, l.mac, s.number AS state, s.mac AS state_mac
  FROM links l LEFT JOIN link_states s ON s.record = l.record`
const FIRST = '00000000-0000-0000-0000-000000000000'
const AT_ONCE = 1_000

/**
 * Which account a record belongs to. Every row carries a keyed authenticator over tenant, record, account, time and the number of the
 * record's link state, and is checked at every read: one that was written, changed or swapped by hand is not there. The number grows with
 * every code, link and end of a link, so a row that is put back after its link ended is not there either. This process also remembers the
 * newest number of each record, so that putting the state back as well does not help while it runs.
 */
export class Links {
  readonly #keys: KeyRing
  readonly #clock: Clock
  readonly #log: Logger
  /** Newest number that was seen, by tenant and record. */
  readonly #newest = new Map<string, number>()
  /** Numbers written in transactions that are not committed yet. */
  readonly #written = new WeakMap<Transaction, Map<string, number>>()

  constructor({ keys, clock, log }: { readonly keys: KeyRing; readonly clock: Clock; readonly log: Logger }) {
    this.#keys = keys
    this.#clock = clock
    this.#log = log
  }

  /** Runs a transaction that changes links, and remembers the numbers that it wrote when it is committed. */
  async change<T>(database: Database, tenant: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const written = new Map<string, number>()
    const result = await database.inTenant(tenant, (tx) => {
      this.#written.set(tx, written)
      return work(tx)
    })
    for (const [id, number] of written) this.#remember(id, number)
    return result
  }

  /** The link of an account at a hospital. */
  async ofAccount(tx: Transaction, tenant: string, account: AccountAddress): Promise<Link | undefined> {
    return this.#authentic(tenant, await tx.rows(linkRow, `${SELECT} WHERE l.account = $1`, [account]))[0]
  }

  /** The links of these records. */
  async ofRecords(tx: Transaction, tenant: string, records: readonly RecordId[]): Promise<Map<RecordId, Link>> {
    if (records.length === 0) return new Map()
    const rows = await tx.rows(linkRow, `${SELECT} WHERE l.record = ANY($1)`, [records])
    return new Map(this.#authentic(tenant, rows).map((link) => [link.record, link]))
  }

  /** The next links in the order of records. @param after - Where the page before ended. @returns `next` is undefined after the last page. */
  async page(tx: Transaction, tenant: string, after: string = FIRST): Promise<{ links: Link[]; next: string | undefined }> {
    const rows = await tx.rows(linkRow, `${SELECT} WHERE l.record > $1 ORDER BY l.record LIMIT $2`, [after, AT_ONCE])
    return { links: this.#authentic(tenant, rows), next: rows.length < AT_ONCE ? undefined : rows.at(-1)?.record }
  }

  /** Links a record to an account, neither of which has an authentic link; rows that are not authentic and in the way are deleted. */
  async add(tx: Transaction, tenant: string, { record, account }: Omit<Link, 'linkedAtS'>): Promise<void> {
    const linkedAtS = this.#clock.nowS()
    const number = await this.advance(tx, tenant, record)
    await tx.run('DELETE FROM links WHERE record = $1 OR account = $2', [record, account])
    await this.#insert(tx, tenant, { record, account, linkedAtS }, number)
  }

  /** Ends the link of a record. @returns The link that ended; undefined when there was no authentic one. */
  async remove(tx: Transaction, tenant: string, record: RecordId): Promise<Link | undefined> {
    const ended = (await this.ofRecords(tx, tenant, [record])).get(record)
    await this.advance(tx, tenant, record)
    await tx.run('DELETE FROM links WHERE record = $1', [record])
    return ended
  }

  /** Begins a new link state of a record, within `change`: every row that carries an older number counts no more. @returns The new number. */
  async advance(tx: Transaction, tenant: string, record: RecordId): Promise<number> {
    const before = await this.number(tx, tenant, record)
    const newest = this.#newest.get(idOf(tenant, record)) ?? 0
    // It begins at the present time, so that a state that was deleted by hand does not begin again at a number of before.
    const number = Math.max((before ?? 0) + 1, newest + 1, this.#clock.nowS())
    await tx.run(
      `INSERT INTO link_states (record, number, mac) VALUES ($1, $2, $3)
       ON CONFLICT (record) DO UPDATE SET number = EXCLUDED.number, mac = EXCLUDED.mac`,
      [record, number, this.#stateMac(tenant, record, number)],
    )
    this.#written.get(tx)?.set(idOf(tenant, record), number)
    return number
  }

  /** The number of a record's link state; undefined when it has none, or none that is authentic. The row is locked. */
  async number(tx: Transaction, tenant: string, record: RecordId): Promise<number | undefined> {
    const state = await tx.first(stateRow, 'SELECT record, number, mac FROM link_states WHERE record = $1 FOR UPDATE', [record])
    return state !== undefined && this.#isCurrent(tenant, record, state.number, state.mac) ? state.number : undefined
  }

  /** Reads the numbers of all records of a tenant, so that none can be put back to an older one while this process runs. */
  async remember(tx: Transaction, tenant: string): Promise<void> {
    for (let after: string | undefined = FIRST; after !== undefined; ) {
      const sql = 'SELECT record, number, mac FROM link_states WHERE record > $1 ORDER BY record LIMIT $2'
      const rows: z.output<typeof stateRow>[] = await tx.rows(stateRow, sql, [after, AT_ONCE])
      for (const { record, number, mac } of rows) this.#isCurrent(tenant, record, number, mac)
      after = rows.length < AT_ONCE ? undefined : rows.at(-1)?.record
    }
  }

  /**
   * Authenticates links that an older version wrote. Called once in the life of a database: it trusts what is there.
   * @returns How many there were.
   */
  async trustExisting(tx: Transaction, tenant: string): Promise<number> {
    const rows = await tx.rows(linkRow, `${SELECT} WHERE l.mac IS NULL`)
    for (const { record, account, linked_at_s } of rows) {
      const number = await this.advance(tx, tenant, record)
      await tx.run('DELETE FROM links WHERE record = $1', [record])
      await this.#insert(tx, tenant, { record, account, linkedAtS: linked_at_s }, number)
    }
    return rows.length
  }

  async #insert(tx: Transaction, tenant: string, link: Link, number: number): Promise<void> {
    await tx.run('INSERT INTO links (record, account, linked_at_s, number, mac) VALUES ($1, $2, $3, $4, $5)', [
      link.record,
      link.account,
      link.linkedAtS,
      number,
      this.#linkMac(tenant, link, number),
    ])
  }

  #authentic(tenant: string, rows: readonly LinkRow[]): Link[] {
    return rows.flatMap(({ record, account, linked_at_s: linkedAtS, number, mac, state, state_mac }) => {
      const link = { record, account, linkedAtS }
      const isAuthentic =
        number !== null &&
        number === state &&
        isSameMac(mac, this.#linkMac(tenant, link, number)) &&
        this.#isCurrent(tenant, record, number, state_mac)
      if (!isAuthentic)
        this.#log.error({ event: 'link.not-authentic', tenant, record }, 'a link that this gateway did not write is ignored')
      return isAuthentic ? [link] : []
    })
  }

  /** Whether a state is authentic and no older than what was seen of the record. */
  #isCurrent(tenant: string, record: RecordId, number: number, mac: Uint8Array | null): boolean {
    if (!isSameMac(mac, this.#stateMac(tenant, record, number))) return false
    return this.#remember(idOf(tenant, record), number)
  }

  /** @returns Whether nothing newer was seen. */
  #remember(id: string, number: number): boolean {
    const newest = this.#newest.get(id) ?? 0
    if (number > newest) this.#newest.set(id, number)
    return number >= newest
  }

  #linkMac(tenant: string, { record, account, linkedAtS }: Link, number: number): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'link-mac'), 'link', tenant, record, account, String(linkedAtS), String(number))
  }

  #stateMac(tenant: string, record: RecordId, number: number): Uint8Array {
    return keyedHash(this.#keys.ofTenant(tenant, 'link-mac'), 'state', tenant, record, String(number))
  }
}

function idOf(tenant: string, record: RecordId): string {
  return `${tenant}|${record}`
}
