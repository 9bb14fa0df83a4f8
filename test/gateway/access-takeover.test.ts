import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Deployment, grantConsentCalls, readOwed } from '@medsync/chain'
import { releaseSchema, requestsSchema, type StudyId, splitPrice, ZERO } from '@medsync/protocol'
import { type Devnet, deployMedsync, type LocalAccountWithKey, localAccount, startDevnet } from '@medsync/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRelease } from '../../scripts/demo/openRelease.ts'
import { Person } from '../../scripts/demo/person.ts'
import { RefusedError } from '../../scripts/demo/refusedError.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { type FreshDatabase, freshDatabase } from './access-database.ts'
import { type Ask, enrol, fileAsk, fileConsent, makeAsk, makeConsent, openStudy, PRICE, publishKey, sendAsk, until } from './access-play.ts'
import { LABELS, markedBundle, tenantsOf } from './access-stage.ts'

const MAIN = new URL('../../services/gateway/src/main.ts', import.meta.url).pathname
const isPostgres = (process.env['TEST_DATABASE_URL'] ?? '') !== ''
/** When the gateway is stopped, after the requests of a round were begun: before, while and after it settles. */
const STOP_AFTER_MS = [60, 220, 380]
const ASKS = 2

let folder: string
let devnet: Devnet
let database: FreshDatabase
let deployment: Deployment
let accounts: readonly LocalAccountWithKey[]
let front: Front
const running: Gateway[] = []

type Gateway = { readonly child: ChildProcess; readonly port: number }

beforeAll(async () => {
  if (!isPostgres) return
  folder = await mkdtemp(join(tmpdir(), 'medsync-takeover-'))
  devnet = await startDevnet()
  ;({ deployment, accounts } = await deployMedsync(devnet))
  database = await freshDatabase(join(folder, 'unused'))
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenantsOf(accounts)), { mode: 0o600 })
  front = await Front.open()
})
afterAll(async () => {
  for (const { child } of running) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  front?.close()
  await devnet?.stop()
  await database?.drop()
  if (isPostgres) await rm(folder, { recursive: true, force: true })
})

/** The one address that people know, in front of whichever gateway is ready. */
class Front {
  port = 0
  target = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor() {
    this.#server = createServer((from) => {
      const to = connect(this.target, '127.0.0.1')
      for (const socket of [from, to]) {
        this.#sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => {
          from.destroy()
          to.destroy()
          this.#sockets.delete(socket)
        })
      }
      from.pipe(to).pipe(from)
    })
  }

  static async open(): Promise<Front> {
    const front = new Front()
    front.#server.listen(0, '127.0.0.1')
    await once(front.#server, 'listening')
    const address = front.#server.address()
    front.port = typeof address === 'object' && address !== null ? address.port : 0
    return front
  }

  pointTo(port: number): void {
    this.target = port
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

async function startOne(): Promise<Gateway> {
  const port = await freePort()
  const env = {
    GATEWAY_PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${front.port}`,
    DEPLOYMENT_FILE: join(folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    CONTEXT_DIR: join(folder, `context-${port}`),
    FOLLOW_EVERY_MS: '100',
    ...database.env,
  }
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.pipe(createWriteStream(join(folder, `${port}.log`)))
  const one = { child, port }
  running.push(one)
  return one
}

const answers = (port: number, status: number): Promise<void> =>
  expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(1_000) }).then(
          (answer) => answer.status,
          () => 0,
        ),
      {
        timeout: 40_000,
        interval: 50,
      },
    )
    .toBe(status)

/** Asks again until a gateway is there, as a portal does. */
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

describe.runIf(isPostgres)('a gateway that is stopped in the middle of the main job, while another one stands by', () => {
  test('every request is answered and paid once, and what was paid for can be fetched', { timeout: 240_000 }, async () => {
    let holder = await startOne()
    await answers(holder.port, 200)
    front.pointTo(holder.port)
    const place = { origin: `http://127.0.0.1:${front.port}`, deployment }
    const person = async (label: string): Promise<Person> => {
      const made = new Person(place, localAccount(deployment.rpcUrl, accounts, label))
      await made.signIn()
      return made
    }
    const [mercy, alice, northgate] = [await person(LABELS.mercy), await person(LABELS.alice), await person(LABELS.northgate)]
    await enrol(mercy, alice, markedBundle('Alice'))
    await publishKey(northgate)
    const study: StudyId = await openStudy(northgate)
    const asked: Ask[] = []
    for (const stopAfterMs of STOP_AFTER_MS) {
      const standby = await startOne()
      await answers(standby.port, 503)
      const consent = makeConsent(alice)
      await fileConsent(alice, consent)
      await alice.send(grantConsentCalls(deployment, consent))
      const asks = Array.from({ length: ASKS }, () => makeAsk(northgate, { study, patient: alice, commitment: consent.commitment }))
      asked.push(...asks)
      const asking = (async () => {
        for (const ask of asks) {
          await insisting(() => fileAsk(northgate, ask))
          await sendAsk(northgate, ask)
        }
      })()
      await sleep(stopAfterMs)
      holder.child.kill('SIGSTOP')
      await answers(standby.port, 200)
      front.pointTo(standby.port)
      const exited = once(holder.child, 'exit')
      holder.child.kill('SIGCONT')
      expect((await exited)[0]).toBe(1)
      await asking
      holder = standby
    }
    const { items } = await until(
      () => northgate.ask('GET', '/research/requests?limit=200', requestsSchema),
      (page) => page.items.length === asked.length && page.items.every(({ progress }) => progress === 'settled'),
      30_000,
    )
    for (const { digest } of items) {
      const release = await northgate.ask('GET', `/research/requests/${digest}/release`, releaseSchema)
      expect((await openRelease(deployment, release, await northgate.secret())).entry.length).toBeGreaterThan(0)
    }
    const token = deployment.tokens[0]?.address ?? ZERO
    expect(await readOwed(deployment, token, alice.address)).toBe(BigInt(asked.length) * splitPrice(PRICE, 2_000n, 500n).patient)
  })
})
