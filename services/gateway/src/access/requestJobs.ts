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
/** The try that was begun does not count; once. */
const TAKE_BACK = 'attempts = CASE WHEN is_running THEN greatest(attempts - 1, 0) ELSE attempts END, is_running = false'
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
      return [...kept.map((found) => jobOf(found, false)), ...brokenOff.map((found) => jobOf(found, found.state !== 'parked'))]
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

  /** Counts a try, before its work starts. */
  async begin(tenant: string, request: RequestId): Promise<void> {
    const found = await this.#write(
      tenant,
      `INSERT INTO request_jobs AS job (request, attempts, is_running, state, changed_at_s) VALUES ($1, 1, true, 'trying', $2)
       ON CONFLICT (request) DO UPDATE SET attempts = job.attempts + 1, is_running = true, changed_at_s = $2 RETURNING ${COLUMNS}`,
      [request, this.#clock.nowS()],
    )
    const isSuspect = this.#jobs.get(request)?.isSuspect ?? false
    if (found !== undefined) this.#jobs.set(request, jobOf(found, isSuspect))
  }

  /** The decision is in the journal: only the chain is waited for, and if the process ends meanwhile, it is not for this request's sake. */
  async decided(tenant: string, request: RequestId): Promise<void> {
    await this.#change(tenant, request, TAKE_BACK)
  }

  /** A try has had an end: an answer, or something that it has to wait for. */
  async ended(tenant: string, request: RequestId, { isOver }: { readonly isOver: boolean }): Promise<void> {
    // That staff want it refused is kept until it is.
    if (!isOver && this.#jobs.get(request)?.state === 'refusing') {
      await this.#change(tenant, request, 'attempts = 0, is_running = false')
      return
    }
    await this.#database.inTenant(tenant, (tx) => tx.run('DELETE FROM request_jobs WHERE request = $1', [request]))
    this.#jobs.delete(request)
  }

  /** A try was broken off by what is not its doing: the chain or the context is away, or the gateway stops. */
  async interrupted(tenant: string, request: RequestId): Promise<void> {
    await this.#change(tenant, request, TAKE_BACK)
  }

  /** A try failed. @returns The job, parked when it was one too many. */
  async failed(tenant: string, request: RequestId, code: FailureCode): Promise<RequestJob | undefined> {
    // One that was decided was taken back before: that it failed all the same counts.
    const attempts = 'CASE WHEN is_running THEN attempts ELSE attempts + 1 END'
    const state = `CASE WHEN ${attempts} >= ${MOST_ATTEMPTS} THEN 'parked' ELSE state END`
    return await this.#change(tenant, request, `attempts = ${attempts}, is_running = false, code = $3, state = ${state}`, [code])
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

  async #change(tenant: string, request: RequestId, change: string, values: readonly string[] = []): Promise<RequestJob | undefined> {
    const sql = `UPDATE request_jobs SET ${change}, changed_at_s = $2 WHERE request = $1 RETURNING ${COLUMNS}`
    const found = await this.#write(tenant, sql, [request, this.#clock.nowS(), ...values])
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
