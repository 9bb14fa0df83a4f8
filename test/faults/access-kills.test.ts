import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ChainEvent,
  type ChainRequest,
  type Deployment,
  EventReader,
  grantConsentCalls,
  readLiabilities,
  readOwed,
  readOwedToOrganisation,
  readOwedToPool,
  readPatientLog,
  readRequest,
  readStudy,
  revokeConsentCalls,
} from '@medsync/chain'
import { composeGateway, type Gateway, readEnv } from '@medsync/gateway'
import {
  ENTRY_KINDS,
  entryDigest,
  releaseSchema,
  requestIdSchema,
  requestsSchema,
  type StudyId,
  splitPrice,
  verifyEntries,
  ZERO,
} from '@medsync/protocol'
import { type Devnet, deployMedsync, type LocalAccountWithKey, localAccount, startDevnet } from '@medsync/testing'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import { Person } from '../../scripts/demo/person.ts'
import { RefusedError } from '../../scripts/demo/refusedError.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { type FreshDatabase, freshDatabase } from '../gateway/access-database.ts'
import {
  type Ask,
  type Consent,
  enrol,
  fileAsk,
  fileConsent,
  MERCY,
  makeAsk,
  makeConsent,
  openStudy,
  PRICE,
  publishKey,
  sendAsk,
  until,
} from '../gateway/access-play.ts'
import { LABELS, markedBundle, tenantsOf } from '../gateway/access-stage.ts'
import { GatewayProcess } from './gatewayProcess.ts'
import { randomFrom } from './randomFrom.ts'

const KILLS = 20
/** A kill comes at most this long after a round began; the round's three requests take about as long. */
const KILL_WITHIN_MS = 350
const SEED = Number(process.env['MEDSYNC_FAULT_SEED'] ?? '20261120')

let folder: string
let devnet: Devnet
let database: FreshDatabase
let deployment: Deployment
let accounts: readonly LocalAccountWithKey[]
let env: Record<string, string>
let child: GatewayProcess
let alice: Person
let bob: Person
let northgate: Person
let study: StudyId

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medsync-kills-'))
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
  child = new GatewayProcess(env, join(folder, 'gateway.log'))
  await child.start()
  const mercy = await signedIn(LABELS.mercy)
  alice = await signedIn(LABELS.alice)
  bob = await signedIn(LABELS.bob)
  northgate = await signedIn(LABELS.northgate)
  await enrol(mercy, alice, markedBundle('Alice'))
  await enrol(mercy, bob, markedBundle('Bob'))
  await publishKey(northgate)
  study = await openStudy(northgate)
})
afterAll(async () => {
  await child?.kill()
  await devnet?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function signedIn(label: string): Promise<Person> {
  const place = { origin: env['PUBLIC_ORIGIN'] ?? '', deployment }
  const person = new Person(place, localAccount(deployment.rpcUrl, accounts, label))
  await person.signIn()
  return person
}

/** The consents of one round: one that stands, one that ends in the middle, one that was never granted. */
type RoundConsents = { readonly stands: Consent; readonly ends: Consent; readonly absent: Consent }

async function prepareConsents(): Promise<RoundConsents[]> {
  const rounds = Array.from({ length: KILLS }, () => ({ stands: makeConsent(alice), ends: makeConsent(bob), absent: makeConsent(bob) }))
  for (const { stands, ends, absent } of rounds) {
    await fileConsent(alice, stands)
    await fileConsent(bob, ends)
    await fileConsent(bob, absent)
  }
  await alice.send(rounds.flatMap(({ stands }) => grantConsentCalls(deployment, stands)))
  await bob.send(rounds.flatMap(({ ends }) => grantConsentCalls(deployment, ends)))
  return rounds
}

/** One round of the main job: a request that must be settled, one whose consent ends meanwhile, one that must be refused, and a delivery. */
async function play({ stands, ends, absent }: RoundConsents, asked: Ask[], earlier: Ask | undefined, endsAfterMs: number): Promise<void> {
  const asks = [
    makeAsk(northgate, { study, patient: alice, commitment: stands.commitment }),
    makeAsk(northgate, { study, patient: bob, commitment: ends.commitment }),
    makeAsk(northgate, { study, patient: bob, commitment: absent.commitment }),
  ]
  asked.push(...asks)
  const request = async (): Promise<void> => {
    for (const ask of asks) {
      await insisting(() => fileAsk(northgate, ask))
      await sendAsk(northgate, ask)
    }
  }
  const fetchEarlier = async (): Promise<void> => {
    if (earlier !== undefined) await whileItDies(northgate.ask('GET', `/research/requests/${earlier.digest}/release`, releaseSchema))
  }
  await Promise.all([request(), fetchEarlier(), sleep(endsAfterMs).then(() => bob.send(revokeConsentCalls(deployment, ends)))])
}

/** Asks again until the gateway is back, as a portal does. */
async function insisting(question: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await question()
      return
    } catch (error) {
      if (error instanceof RefusedError && error.status < 500) throw error
      await sleep(50)
    }
  }
}

/** What the gateway does not answer because it was killed under the question is no failure; a wrong answer is. */
async function whileItDies(question: Promise<unknown>): Promise<void> {
  try {
    await question
  } catch (error) {
    const expected = ['release/destroyed', 'request/not-settled', 'input/not-found']
    if (error instanceof RefusedError && error.status < 500 && !expected.includes(error.code)) throw error
  }
}

describe(`a gateway that is killed ${KILLS} times in the middle of the main job (seed ${SEED})`, () => {
  const asked: Ask[] = []
  let gateway: Gateway | undefined
  let events: ChainEvent[]

  test('comes back each time, and every request ends', { timeout: 240_000 }, async () => {
    const random = randomFrom(SEED)
    const delays = Array.from({ length: KILLS }, () => Math.floor(random() * KILL_WITHIN_MS))
    for (const [round, consents] of (await prepareConsents()).entries()) {
      const earlier = asked[Math.floor(random() * asked.length)]
      const playing = play(consents, asked, earlier, 150 + Math.floor(random() * KILL_WITHIN_MS))
      await sleep(delays[round])
      await child.kill()
      await child.start()
      await playing
    }
    const log = await readFile(join(folder, 'gateway.log'), 'utf8')
    const interrupted = log.split('\n').filter((line) => line.includes('"journal.unfinished"')).length
    console.log(`    killed after ${delays.join(', ')} ms; ${interrupted} times between the journal and its conclusion`)
    await until(
      () => northgate.ask('GET', '/research/requests?limit=200', requestsSchema),
      ({ items }) => items.length === asked.length && items.every(({ progress }) => ['settled', 'refused', 'expired'].includes(progress)),
      30_000,
    )
    await child.kill()
    gateway = await composeGateway(readEnv(env), { log: pino({ level: 'silent' }) })
    const found: ChainEvent[] = []
    const reader = new EventReader(deployment)
    for await (const batch of reader.read(reader.start())) if (batch.kind === 'events') found.push(...batch.events)
    events = found
  })
  afterAll(() => stopGateway())

  const stopGateway = async (): Promise<void> => {
    const running = gateway
    gateway = undefined
    await running?.stop()
  }

  const looking = (): Gateway => {
    if (gateway === undefined) throw new RangeError('the gateway is not open')
    return gateway
  }

  const ofType = <T extends ChainEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ChainEvent, { type: T }> => event.type === type)

  test('every request was answered exactly once, as it had to be', async () => {
    const states: string[] = []
    for (const ask of asked) {
      const opened = ofType('RequestOpened').filter(({ digest }) => digest === ask.digest)
      expect(opened).toHaveLength(1)
      const id = requestIdSchema.parse(opened[0]?.request)
      const request = (await readRequest(deployment, id)) as ChainRequest
      states.push(request.state)
      const answers = [...ofType('RequestSettled'), ...ofType('RequestRefused'), ...ofType('RequestExpired')]
      expect(answers.filter((event) => event.request === id)).toHaveLength(1)
    }
    const kinds = [0, 1, 2].map((kind) => new Set(states.filter((_, index) => index % 3 === kind)))
    expect(kinds[0]).toEqual(new Set(['settled']))
    expect([...(kinds[1] ?? [])].every((state) => state === 'settled' || state === 'refused')).toBe(true)
    expect(kinds[2]).toEqual(new Set(['refused']))
  })

  test('no entry is without its journal row, and no row claims an entry that is not there', async () => {
    const entries = ofType('EntryAppended')
    const rows = await looking().journal.list('mercy', { after: null, limit: 10_000 })
    expect(rows.filter(({ state }) => state === 'intended')).toEqual([])
    const logged = new Map(rows.filter(({ state }) => state === 'logged').map((row) => [row.digest, row]))
    expect([...logged.keys()].sort()).toEqual(entries.map(({ digest }) => digest).sort())
    for (const entry of entries) {
      const row = logged.get(entry.digest)
      if (row === undefined) throw new RangeError('no row')
      expect(entryDigest(row.details, row.salt)).toBe(entry.digest)
      expect({ kind: ENTRY_KINDS[row.details.kind], patient: row.details.patient, transaction: row.transaction }).toEqual({
        kind: entry.kind,
        patient: entry.patient,
        transaction: entry.at.transaction,
      })
    }
    const given = rows.filter(({ state }) => state === 'abandoned')
    expect(given.filter(({ digest }) => entries.some((entry) => entry.digest === digest))).toEqual([])
    console.log(`    ${entries.length} entries, ${given.length} decisions given up on the way`)
  })

  test('no data left without its entry: what can be delivered was settled and logged, the rest is destroyed', async () => {
    const rows = await looking().journal.list('mercy', { after: null, limit: 10_000 })
    const settled = new Map(ofType('RequestSettled').map((event) => [event.entry, event]))
    let deliverable = 0
    for (const row of rows.filter(({ details }) => details.kind === 'access')) {
      const release = await looking().releases.find('mercy', row.digest)
      expect(release?.state).not.toBe('held')
      if (release?.firstDeliveredAtS !== null) expect(settled.has(row.digest)).toBe(true)
      if (release?.state !== 'deliverable') continue
      deliverable++
      expect(row.state).toBe('logged')
      expect(settled.get(row.digest)?.request).toBe(row.request)
      expect(release.sha256).toBe(row.details.releaseSha256)
    }
    expect(deliverable).toBe(KILLS)
  })

  test('nobody was paid twice, and no money is missing', async () => {
    const token = deployment.tokens[0]?.address ?? ZERO
    const shares = splitPrice(PRICE, 2_000n, 500n)
    const settled = ofType('RequestSettled')
    expect(new Set(settled.map(({ request }) => request)).size).toBe(settled.length)
    const count = (address: string) => BigInt(settled.filter(({ patient }) => patient === address).length)
    const owed = {
      alice: await readOwed(deployment, token, alice.address),
      bob: await readOwed(deployment, token, bob.address),
      mercy: await readOwedToOrganisation(deployment, token, MERCY),
      pool: await readOwedToPool(deployment, token),
    }
    // The pool's share is held in the study until it is closed.
    const held = BigInt(settled.length) * shares.pool
    expect(owed).toEqual({
      alice: count(alice.address) * shares.patient,
      bob: count(bob.address) * shares.patient,
      mercy: BigInt(settled.length) * shares.hospital,
      pool: 0n,
    })
    const money = await readStudy(deployment, study)
    expect(money).toMatchObject({ openRequests: 0, settled: settled.length, available: (1_000n - BigInt(settled.length)) * PRICE })
    const all = Object.values(owed).reduce((sum, amount) => sum + amount, (money?.available ?? 0n) + held)
    expect(await readLiabilities(deployment, token)).toBe(all)
  })

  test('every patient’s log is whole', async () => {
    for (const { address } of [alice, bob]) {
      const links = ofType('EntryAppended').filter(({ patient }) => patient === address)
      verifyEntries(links, await readPatientLog(deployment, address))
    }
  })

  test('what was settled while its consent stands can still be fetched and opened', { timeout: 60_000 }, async () => {
    await stopGateway()
    await child.start()
    for (const ask of asked.filter((_, index) => index % 3 === 0)) {
      const release = await northgate.ask('GET', `/research/requests/${ask.digest}/release`, releaseSchema)
      const bundle = await openRelease(deployment, release, await northgate.secret())
      expect(bundle.entry.length).toBeGreaterThan(0)
    }
  })
})
