import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Deployment, readRequest, readStudy } from '@medsync/chain'
import { type RequestView, requestsSchema, type StudyId } from '@medsync/protocol'
import { type Devnet, deployMedsync, type LocalAccountWithKey, localAccount, startDevnet } from '@medsync/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Person } from '../../scripts/demo/person.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { type FreshDatabase, freshDatabase } from '../gateway/access-database.ts'
import { type Ask, ended, enrol, fileAsk, grant, makeAsk, openStudy, PRICE, publishKey, sendAsk, until } from '../gateway/access-play.ts'
import { LABELS, markedBundle, tenantsOf } from '../gateway/access-stage.ts'
import { GatewayProcess } from './gatewayProcess.ts'

const HONEST = 5
const MOST_ATTEMPTS = 3
/** Many more than are needed: what is wanted is that the process stays. */
const MOST_STARTS = 12
/** Nothing that is parked was begun by then, tenths of a second. */
const STAYS_TENTHS = 40

let folder: string
let devnet: Devnet
let database: FreshDatabase
let deployment: Deployment
let accounts: readonly LocalAccountWithKey[]
let env: Record<string, string>
let child: GatewayProcess
let mercy: Person
let northgate: Person
let study: StudyId
let deadly: Ask
const honest: Ask[] = []

const healthy = (): GatewayProcess => new GatewayProcess(env, join(folder, 'gateway.log'))
const mortal = (): GatewayProcess =>
  new GatewayProcess({ ...env, NODE_OPTIONS: `--import ${join(import.meta.dirname, 'diesOfRecord.mjs')}` }, join(folder, 'gateway.log'))

async function signedIn(label: string): Promise<Person> {
  const place = { origin: env['PUBLIC_ORIGIN'] ?? '', deployment }
  const person = new Person(place, localAccount(deployment.rpcUrl, accounts, label))
  await person.signIn()
  return person
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-poison-'))
  devnet = await startDevnet()
  ;({ deployment, accounts } = await deployMedsync(devnet))
  database = await freshDatabase(join(folder, 'database'))
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenantsOf(accounts)), { mode: 0o600 })
  const port = await freePort()
  env = {
    GATEWAY_PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    DEPLOYMENT_FILE: join(folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    FOLLOW_EVERY_MS: '100',
    ...database.env,
  }
  child = healthy()
  await child.start()
  mercy = await signedIn(LABELS.mercy)
  northgate = await signedIn(LABELS.northgate)
  const [alice, bob] = [await signedIn(LABELS.alice), await signedIn(LABELS.bob)]
  await enrol(mercy, alice, markedBundle('ZqAlice'))
  await enrol(mercy, bob, markedBundle('ZqDeadly'))
  await publishKey(northgate)
  study = await openStudy(northgate, {}, 20n * PRICE)
  const [ofAlice, ofBob] = [await grant(alice), await grant(bob)]
  const asks = Array.from({ length: HONEST }, () => makeAsk(northgate, { study, patient: alice, commitment: ofAlice.commitment }))
  deadly = makeAsk(northgate, { study, patient: bob, commitment: ofBob.commitment })
  honest.push(...asks)
  // In the middle, so that others run beside it and others wait behind it.
  for (const ask of [...asks.slice(0, 2), deadly, ...asks.slice(2)]) await fileAsk(northgate, ask)
  await child.kill()
  for (const ask of [...asks.slice(0, 2), deadly, ...asks.slice(2)]) await sendAsk(northgate, ask)
})
afterAll(async () => {
  await child?.kill()
  await devnet?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** Starts it as a service manager does: again whenever it has ended. @returns How often it ended before it stayed. */
async function startUntilItStays(): Promise<number> {
  for (let ends = 0; ends < MOST_STARTS; ends++) {
    child = mortal()
    // It may die before it is ready.
    await child.start().catch(() => undefined)
    while (child.isRunning && !(await isParked())) await sleep(200)
    for (let waits = 0; waits < STAYS_TENTHS && child.isRunning; waits++) await sleep(100)
    if (child.isRunning) return ends
  }
  throw new RangeError('the gateway ends at every start')
}

const isParked = async (): Promise<boolean> => {
  try {
    return (await atHospital(deadly))?.parked !== null
  } catch {
    // It may have died in the middle of the question.
    return false
  }
}

async function atHospital(ask: Ask): Promise<RequestView | undefined> {
  const { items } = await mercy.ask('GET', '/hospital/requests?limit=200', requestsSchema)
  return items.find(({ digest }) => digest === ask.digest)
}

describe('a request that ends the process each time it is worked on', () => {
  test('ends it three times, is parked, and the gateway stays', { timeout: 180_000 }, async () => {
    expect(await startUntilItStays()).toBe(MOST_ATTEMPTS)
    expect(
      await until(
        () => atHospital(deadly),
        (view) => view?.parked !== null,
      ),
    ).toMatchObject({
      progress: 'open',
      reason: 'request/parked',
      parked: { code: 'request/gateway-ended', attempts: MOST_ATTEMPTS },
    })
  })

  test('blames none of the five beside it: all are answered', { timeout: 180_000 }, async () => {
    for (const { digest } of honest) expect(await ended(northgate, digest)).toMatchObject({ progress: 'settled' })
    for (const ask of honest) expect(await atHospital(ask)).toMatchObject({ parked: null })
  })

  test('is left alone at the next starts', { timeout: 180_000 }, async () => {
    await child.kill()
    expect(await startUntilItStays()).toBe(0)
    expect(await atHospital(deadly)).toMatchObject({ parked: { attempts: MOST_ATTEMPTS } })
  })

  test('ends the process once for each time that staff have it tried again, until it is parked anew', { timeout: 180_000 }, async () => {
    await mercy.ask('POST', `/hospital/requests/${(await atHospital(deadly))?.request}/retry`, z.undefined())
    while (child.isRunning) await sleep(20)
    expect(await startUntilItStays()).toBe(MOST_ATTEMPTS - 1)
    expect(await atHospital(deadly)).toMatchObject({ parked: { code: 'request/gateway-ended' } })
  })

  test('is refused when staff say so, without being opened: its price goes back', { timeout: 180_000 }, async () => {
    const view = await atHospital(deadly)
    const before = await readStudy(deployment, study)
    await mercy.ask('POST', `/hospital/requests/${view?.request}/refusal`, z.undefined())
    expect(await ended(northgate, deadly.digest)).toMatchObject({ progress: 'refused', reason: 'request/refused-by-staff' })
    expect(child.isRunning).toBe(true)
    expect((await readStudy(deployment, study))?.available).toBe((before?.available ?? 0n) + PRICE)
    if (view?.request === null || view === undefined) throw new RangeError('there is no such request')
    expect((await readRequest(deployment, view.request))?.state).toBe('refused')
  })

  test('its record stands in no log', async () => {
    const log = await readFile(join(folder, 'gateway.log'), 'utf8')
    expect(log).toContain('request.broken-off')
    expect(log).not.toContain('ZqDeadly')
  })
})
