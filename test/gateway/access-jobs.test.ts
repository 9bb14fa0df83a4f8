import { requestIdSchema } from '@medsync/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RequestJobs } from '../../services/gateway/src/access/requestJobs.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { type RecordsStage, raiseRecords } from './records-stage.ts'

const [ONE, TWO] = [requestIdSchema.parse(1), requestIdSchema.parse(2)]

let stage: RecordsStage
let database: Database
let jobs: RequestJobs
beforeAll(async () => {
  stage = await raiseRecords()
  database = stage.gateway.database
})
afterAll(async () => {
  await stage.stop()
})
beforeEach(async () => {
  await database.inTenant('mercy', (tx) => tx.run('DELETE FROM request_jobs'))
  jobs = await opened()
})

/** As after a start of the process. */
async function opened(): Promise<RequestJobs> {
  const fresh = new RequestJobs({ database, clock: { nowS: () => 1_000 } })
  await fresh.load('mercy')
  return fresh
}

async function failing(times: number): Promise<void> {
  for (let count = 0; count < times; count++) await jobs.failed('mercy', ONE, 'record/damaged')
}

/** Work that never ends, as when the process ends in the middle of it. */
async function ending(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  void jobs.guard('mercy', ONE, () => {
    resolve()
    return new Promise(() => undefined)
  })
  await promise
  jobs = await opened()
}

describe('tries that fail', () => {
  test('park a request with the third, and are remembered over a start', async () => {
    await failing(2)
    expect(jobs.find(ONE)).toMatchObject({ state: 'trying', attempts: 2, code: 'record/damaged' })
    jobs = await opened()
    await failing(1)
    expect((await opened()).find(ONE)).toMatchObject({ state: 'parked', attempts: 3, code: 'record/damaged', isSuspect: false })
  })

  test('count once each when the guarded work itself failed', async () => {
    for (let count = 1; count <= 3; count++) {
      await expect(jobs.guard('mercy', ONE, () => Promise.reject(new RangeError('broken')))).rejects.toThrow('broken')
      expect(await jobs.failed('mercy', ONE, 'request/unexpected')).toMatchObject({ attempts: count })
    }
    expect(jobs.find(ONE)).toMatchObject({ state: 'parked' })
  })

  test('are forgotten once the request is answered', async () => {
    await failing(2)
    await jobs.ended('mercy', ONE)
    expect(jobs.find(ONE)).toBeUndefined()
    expect(await database.inTenant('mercy', (tx) => tx.rows(z.unknown(), 'SELECT * FROM request_jobs'))).toEqual([])
  })
})

describe('work in the middle of which the process ended', () => {
  test('was counted before it began, makes its request a suspect, and parks it with the third', async () => {
    for (let starts = 1; starts <= 3; starts++) {
      await ending()
      expect(jobs.find(ONE)).toMatchObject({ attempts: starts, state: starts < 3 ? 'trying' : 'parked', isSuspect: starts < 3 })
    }
    expect(jobs.find(ONE)?.code).toBe('request/gateway-ended')
    expect(jobs.hasSuspects).toBe(false)
  })

  test('clears it of suspicion when it has had any end', async () => {
    await ending()
    expect(jobs.hasSuspects).toBe(true)
    expect(await jobs.guard('mercy', ONE, async () => 7)).toBe(7)
    expect(jobs.hasSuspects).toBe(false)
    await ending()
    await jobs.failed('mercy', ONE, 'record/damaged')
    expect(jobs.hasSuspects).toBe(false)
  })

  test('is remembered over starts in which it was not even begun', async () => {
    await ending()
    for (let starts = 0; starts < 3; starts++) jobs = await opened()
    await ending()
    expect(jobs.find(ONE)).toMatchObject({ attempts: 2, isSuspect: true })
  })
})

describe('what staff decide', () => {
  test('frees a parked request, once, and a refusal is remembered over a start', async () => {
    expect(await jobs.release('mercy', ONE, 'trying')).toBe(false)
    await failing(3)
    expect(await jobs.release('mercy', ONE, 'refusing')).toBe(true)
    expect(await jobs.release('mercy', ONE, 'trying')).toBe(false)
    await jobs.guard('mercy', ONE, async () => undefined)
    jobs = await opened()
    expect(jobs.find(ONE)).toMatchObject({ state: 'refusing', attempts: 0 })
    expect(jobs.find(TWO)).toBeUndefined()
  })
})
