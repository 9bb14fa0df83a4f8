import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { slugToOrganisationId } from '@medsync/protocol'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { DatabaseContext } from '../../services/gateway/src/context/databaseContext.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { openDatabase } from '../../services/gateway/src/database/openDatabase.ts'
import { readEnv } from '../../services/gateway/src/env.ts'
import { KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { Tenants } from '../../services/gateway/src/tenants/tenants.ts'
import { type FreshDatabase, freshDatabase } from './access-database.ts'
import { behavesLikeAPrivateContext, newTerms } from './consents-contextSuite.ts'

const keys = new KeyRing(new Uint8Array(32).fill(7))
let folder: string
let fresh: FreshDatabase
let database: Database

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-context-'))
  fresh = await freshDatabase(join(folder, 'database'))
  const files = { DEPLOYMENT_FILE: 'unused', TENANTS_FILE: 'unused', MASTER_KEY_FILE: 'unused' }
  const env = readEnv({ GATEWAY_PORT: '0', PUBLIC_ORIGIN: 'http://127.0.0.1', ...files, ...fresh.env })
  const tenants = new Tenants([{ slug: 'mercy', organisation: slugToOrganisationId('mercy'), role: 'hospital', name: 'Mercy' }])
  database = await openDatabase({ env, tenants, keys, clock: systemClock, log: pino({ level: 'silent' }) })
})
afterAll(async () => {
  await database?.close()
  await fresh?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** A fresh one each time: nothing may live in its memory alone. */
const open = () => new DatabaseContext({ database, keys, clock: systemClock })

behavesLikeAPrivateContext('database', open)

test('error: another master key opens nothing and finds nobody', async () => {
  const filed = newTerms()
  await open().fileTerms(filed)
  const stranger = new DatabaseContext({ database, keys: new KeyRing(new Uint8Array(32)), clock: systemClock })
  expect((await stranger.termsForGrantee(filed.terms.grantee, { after: null, limit: 10 })).items).toEqual([])
  expect((await stranger.termsOfPatient(filed.patient, { after: null, limit: 10 })).items).toEqual([])
  await expect(stranger.termsByCommitment(filed.commitment)).rejects.toMatchObject({ code: 'record/damaged' })
})
