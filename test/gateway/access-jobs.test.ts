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

async function failing(times: number, change: () => Promise<unknown> = async () => undefined): Promise<void> {
  for (let count = 0; count < times; count++) {
    await jobs.begin('mercy', ONE)
    await change()
    await jobs.failed('mercy', ONE, 'record/damaged')
  }
}

describe('tries that fail', () => {
  test('park a request with the third, and are remembered over a start', async () => {
    await failing(2)
    expect(jobs.find(ONE)).toMatchObject({ state: 'trying', attempts: 2, code: 'record/damaged' })
    jobs = await opened()
    await failing(1)
    expect((await opened()).find(ONE)).toMatchObject({ state: 'parked', attempts: 3, code: 'record/damaged', isSuspect: false })
  })

  test('count after the decision as well: a transaction that reverts each time parks it', async () => {
    await failing(3, () => jobs.decided('mercy', ONE))
    expect(jobs.find(ONE)).toMatchObject({ state: 'parked', attempts: 3 })
  })

  test('do not count when the chain went away, before the decision or after', async () => {
    for (let count = 0; count < 9; count++) {
      await jobs.begin('mercy', ONE)
      if (count % 2 === 0) await jobs.decided('mercy', ONE)
      await jobs.interrupted('mercy', ONE)
    }
    expect(jobs.find(ONE)).toMatchObject({ state: 'trying', attempts: 0 })
  })

  test('are forgotten once it has an end', async () => {
    await failing(2)
    await jobs.begin('mercy', ONE)
    await jobs.ended('mercy', ONE, { isOver: false })
    expect(jobs.find(ONE)).toBeUndefined()
    expect(await database.inTenant('mercy', (tx) => tx.rows(z.unknown(), 'SELECT * FROM request_jobs'))).toEqual([])
  })
})

describe('tries in the middle of which the process ended', () => {
  test('are counted before they begin, make it a suspect, and park it with the third', async () => {
    for (let starts = 1; starts <= 3; starts++) {
      await jobs.begin('mercy', ONE)
      jobs = await opened()
      expect(jobs.find(ONE)).toMatchObject({ attempts: starts, state: starts < 3 ? 'trying' : 'parked', isSuspect: starts < 3 })
    }
    expect(jobs.find(ONE)?.code).toBe('request/gateway-ended')
    expect(jobs.hasSuspects).toBe(false)
  })

  test('clear it of suspicion when they have had any end', async () => {
    await jobs.begin('mercy', ONE)
    jobs = await opened()
    await jobs.begin('mercy', ONE)
    expect(jobs.hasSuspects).toBe(true)
    await jobs.failed('mercy', ONE, 'record/damaged')
    expect(jobs.hasSuspects).toBe(false)
  })

  test('do not blame what only waited for the chain', async () => {
    for (let starts = 0; starts < 9; starts++) {
      await jobs.begin('mercy', ONE)
      await jobs.decided('mercy', ONE)
      jobs = await opened()
    }
    expect(jobs.find(ONE)).toMatchObject({ state: 'trying', attempts: 0, isSuspect: false })
  })
})

describe('what staff decide', () => {
  test('frees a parked request, once, and a refusal is remembered over a start and over waiting', async () => {
    expect(await jobs.release('mercy', ONE, 'trying')).toBe(false)
    await failing(3)
    expect(await jobs.release('mercy', ONE, 'refusing')).toBe(true)
    expect(await jobs.release('mercy', ONE, 'trying')).toBe(false)
    await jobs.begin('mercy', ONE)
    await jobs.ended('mercy', ONE, { isOver: false })
    jobs = await opened()
    expect(jobs.find(ONE)).toMatchObject({ state: 'refusing', attempts: 0 })
    expect(jobs.find(TWO)).toBeUndefined()
  })
})
