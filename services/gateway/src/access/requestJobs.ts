import { type ErrorCode, isErrorCode, type RequestId, requestIdSchema } from '@medsync/protocol'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'

/** Failed tries after which a request is parked. */
export const MOST_ATTEMPTS = 3

/** Why a try failed; the words are in `errorWords`. */
export type FailureCode = ErrorCode

/**
 * Where the work on a request stands. `trying`: it is tried again by itself. `parked`: it waits for staff. `refusing`: staff decided that it
 * shall be refused.
 */
export type RequestJob = {
  readonly request: RequestId
  readonly state: 'trying' | 'parked' | 'refusing'
  readonly attempts: number
  readonly code: FailureCode | undefined
  readonly changedAtS: number
  /** The process ended in the middle of its last try: it is worked on alone until it has had an end. */
  readonly isSuspect: boolean
}

const row = z.object({
  request: requestIdSchema,
  attempts: z.number().int(),
  is_running: z.boolean(),
  state: z.enum(['trying', 'parked', 'refusing']),
  code: z.string().max(100).nullable(),
  changed_at_s: z.number(),
})
const COLUMNS = 'request, attempts, is_running, state, code, changed_at_s'

/** Tries to answer requests, counted in the database, so that neither a failure nor an end of the process is forgotten. */
export class RequestJobs {
  readonly #database: Database
  readonly #clock: Clock
  readonly #jobs = new Map<RequestId, RequestJob>()

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database
    this.#clock = clock
  }

  /** Reads what earlier processes left of a hospital's requests. Tries that never ended are suspected of having ended the process. */
  async load(tenant: string): Promise<readonly RequestJob[]> {
    const code: FailureCode = 'request/gateway-ended'
    const jobs = await this.#database.inTenant(tenant, async (tx) => {
      const kept = await tx.rows(row, `SELECT ${COLUMNS} FROM request_jobs WHERE NOT is_running`)
      const brokenOff = await tx.rows(
        row,
        `UPDATE request_jobs SET is_running = false, code = $1, changed_at_s = $2,
           state = CASE WHEN attempts >= $3 THEN 'parked' ELSE state END WHERE is_running RETURNING ${COLUMNS}`,
        [code, this.#clock.nowS(), MOST_ATTEMPTS],
      )
      return [...kept, ...brokenOff].map((found) => jobOf(found, found.state === 'trying' && found.attempts > 0 && found.code === code))
    })
    for (const job of jobs) this.#jobs.set(job.request, job)
    return jobs
  }

  /** What is known of the work on a request; undefined when nothing ever failed. */
  find(request: RequestId): RequestJob | undefined {
    return this.#jobs.get(request)
  }

  /** Whether any request has to be worked on alone. */
  get hasSuspects(): boolean {
    for (const { isSuspect } of this.#jobs.values()) if (isSuspect) return true
    return false
  }

  /**
   * Does the work of a try that may be too much for the process. It is counted before it starts, and taken back when it has had any end: what
   * then fails is for `failed` to count.
   */
  async guard<T>(tenant: string, request: RequestId, work: () => Promise<T>): Promise<T> {
    await this.#begin(tenant, request)
    try {
      return await work()
    } finally {
      const isKept = await this.#change(tenant, request, 'attempts = greatest(attempts - 1, 0), is_running = false')
      if (isKept === undefined) this.#jobs.delete(request)
    }
  }

  /** A request was answered, or its end was written down: all of its tries are forgotten. */
  async ended(tenant: string, request: RequestId): Promise<void> {
    if (!this.#jobs.has(request)) return
    await this.#database.inTenant(tenant, (tx) => tx.run('DELETE FROM request_jobs WHERE request = $1', [request]))
    this.#jobs.delete(request)
  }

  /** A try failed. @returns The job, parked when it was one too many. */
  async failed(tenant: string, request: RequestId, code: FailureCode): Promise<RequestJob | undefined> {
    const found = await this.#write(
      tenant,
      `INSERT INTO request_jobs AS job (request, attempts, is_running, state, code, changed_at_s) VALUES ($1, 1, false, 'trying', $3, $2)
       ON CONFLICT (request) DO UPDATE SET attempts = job.attempts + 1, is_running = false, code = $3, changed_at_s = $2,
         state = CASE WHEN job.attempts + 1 >= $4 THEN 'parked' ELSE job.state END RETURNING ${COLUMNS}`,
      [request, this.#clock.nowS(), code, MOST_ATTEMPTS],
    )
    if (found !== undefined) this.#jobs.set(request, jobOf(found, false))
    return this.#jobs.get(request)
  }

  /** Staff want a parked request to be tried again, or refused. @returns Whether it was parked. */
  async release(tenant: string, request: RequestId, state: 'trying' | 'refusing'): Promise<boolean> {
    const found = await this.#write(
      tenant,
      `UPDATE request_jobs SET state = $3, attempts = 0, changed_at_s = $2 WHERE request = $1 AND state = 'parked' RETURNING ${COLUMNS}`,
      [request, this.#clock.nowS(), state],
    )
    if (found === undefined) return false
    this.#jobs.set(request, jobOf(found, false))
    return true
  }

  async #begin(tenant: string, request: RequestId): Promise<void> {
    const found = await this.#write(
      tenant,
      `INSERT INTO request_jobs AS job (request, attempts, is_running, state, changed_at_s) VALUES ($1, 1, true, 'trying', $2)
       ON CONFLICT (request) DO UPDATE SET attempts = job.attempts + 1, is_running = true, changed_at_s = $2 RETURNING ${COLUMNS}`,
      [request, this.#clock.nowS()],
    )
    const isSuspect = this.#jobs.get(request)?.isSuspect ?? false
    if (found !== undefined) this.#jobs.set(request, jobOf(found, isSuspect))
  }

  async #change(tenant: string, request: RequestId, change: string): Promise<RequestJob | undefined> {
    const sql = `UPDATE request_jobs SET ${change}, changed_at_s = $2 WHERE request = $1 RETURNING ${COLUMNS}`
    const found = await this.#write(tenant, sql, [request, this.#clock.nowS()])
    if (found === undefined) return undefined
    // Whatever became of it, it did not end the process.
    const job = jobOf(found, found.is_running && (this.#jobs.get(request)?.isSuspect ?? false))
    this.#jobs.set(request, job)
    return job
  }

  async #write(tenant: string, sql: string, values: readonly (string | number)[]) {
    return await this.#database.inTenant(tenant, (tx) => tx.first(row, sql, values))
  }
}

function jobOf({ request, state, attempts, code, changed_at_s }: z.output<typeof row>, isSuspect: boolean): RequestJob {
  const known = code !== null && isErrorCode(code) ? code : undefined
  return { request, state, attempts, code: known, changedAtS: changed_at_s, isSuspect }
}
