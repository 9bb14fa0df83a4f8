import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { Deployment } from '@medsync/chain'
import { buildServer, composeGateway, type Gateway, readEnv } from '@medsync/gateway'
import { slugToOrganisationId } from '@medsync/protocol'
import {
  type Devnet,
  deployMedsync,
  devnetRpc,
  type LocalAccountWithKey,
  localAccount,
  localOrganisations,
  startDevnet,
} from '@medsync/testing'
import { pino } from 'pino'
import * as z from 'zod'
import { Person } from '../../scripts/demo/person.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { freshDatabase } from './access-database.ts'
import { until } from './access-play.ts'
import { Wire } from './access-wire.ts'

/** The people of the local network by the parts they play here. */
export const LABELS = {
  governance: 'Governance',
  mercy: 'Mercy General, records office',
  mercyGateway: 'Gateway of Mercy General',
  stclare: 'St. Clare, records office',
  northgate: 'Northgate, researcher',
  harbour: 'Harbour, researcher',
  alice: 'Patient 1',
  bob: 'Patient 2',
  carol: 'Patient 3',
} as const

/** A gateway on a real node and a database of its own, both to be stopped and started at will. */
export class AccessStage {
  readonly folder: string
  readonly deployment: Deployment
  readonly accounts: readonly LocalAccountWithKey[]
  /** Everything that was logged, one JSON a line. */
  readonly log: string[] = []
  readonly devnet: Devnet
  /** Between the gateway and the node; nobody else uses it. */
  readonly wire: Wire
  readonly #env: Record<string, string>
  readonly #dropDatabase: () => Promise<void>
  #gateway: { gateway: Gateway; server: Awaited<ReturnType<typeof buildServer>> } | undefined

  private constructor(parts: {
    folder: string
    devnet: Devnet
    wire: Wire
    deployment: Deployment
    accounts: readonly LocalAccountWithKey[]
    env: Record<string, string>
    dropDatabase: () => Promise<void>
  }) {
    this.folder = parts.folder
    this.devnet = parts.devnet
    this.wire = parts.wire
    this.deployment = parts.deployment
    this.accounts = parts.accounts
    this.#env = parts.env
    this.#dropDatabase = parts.dropDatabase
  }

  /**
   * Starts node and gateway, contracts deployed, everyone admitted.
   * @param start - Starts the node; an ordinary one when not given.
   * @param more - More of the gateway's environment.
   */
  static async raise(
    start: () => Promise<Devnet> = () => startDevnet({ stateArchive: true }),
    more: Readonly<Record<string, string>> = {},
  ): Promise<AccessStage> {
    const folder = await mkdtemp(join(tmpdir(), 'medsync-access-'))
    const devnet = await start()
    const { deployment, accounts } = await deployMedsync(devnet)
    const database = await freshDatabase(
      join(folder, 'database'),
      localOrganisations.map(({ slug }) => slug),
    )
    const wire = await Wire.lay(devnet.port)
    const wired = { ...deployment, rpcUrl: `http://127.0.0.1:${wire.port}/rpc` }
    await writeFile(join(folder, 'deployment.json'), JSON.stringify(wired))
    await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenantsOf(accounts)), { mode: 0o600 })
    const port = await freePort()
    const env = {
      GATEWAY_PORT: String(port),
      PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
      DEPLOYMENT_FILE: join(folder, 'deployment.json'),
      TENANTS_FILE: join(folder, 'tenants.json'),
      MASTER_KEY_FILE: join(folder, 'master.key'),
      FOLLOW_EVERY_MS: '100',
      ...database.env,
      ...more,
    }
    const stage = new AccessStage({ folder, devnet, wire, deployment, accounts, env, dropDatabase: database.drop })
    await stage.startGateway()
    return stage
  }

  get gateway(): Gateway {
    if (this.#gateway === undefined) throw new RangeError('the gateway is not running')
    return this.#gateway.gateway
  }

  get origin(): string {
    return this.gateway.env.PUBLIC_ORIGIN
  }

  /** Starts the gateway on the state that is there, and waits until it is ready. */
  async startGateway(): Promise<void> {
    const log = pino({ level: 'debug' }, new Writable({ write: (line, _encoding, done) => done(void this.log.push(String(line))) }))
    const gateway = await composeGateway(readEnv(this.#env), { log })
    const server = await buildServer(gateway)
    await server.listen({ host: '127.0.0.1', port: gateway.env.GATEWAY_PORT })
    this.#gateway = { gateway, server }
    await this.caughtUp()
    await until(
      async () => gateway.bridge.isReachable(),
      (isReachable) => isReachable,
    )
  }

  /** Stops the gateway and leaves its state. */
  async stopGateway(): Promise<void> {
    const running = this.#gateway
    this.#gateway = undefined
    await running?.server.close()
    await running?.gateway.stop()
  }

  /** Waits until the gateway has read everything that is on the chain now. */
  async caughtUp(): Promise<void> {
    const { chain } = this.gateway
    const head = z.object({ block_number: z.number() }).parse(await devnetRpc(this.devnet.rpcUrl, 'starknet_blockHashAndNumber'))
    await until(
      async () => chain.blockNumber,
      (block) => chain.isCaughtUp() && block >= head.block_number,
    )
  }

  /** Somebody of the local network, not signed in. */
  person(label: string): Person {
    return new Person({ origin: this.origin, deployment: this.deployment }, localAccount(this.deployment.rpcUrl, this.accounts, label))
  }

  /** Somebody of the local network, signed in. */
  async signedIn(label: string): Promise<Person> {
    const person = this.person(label)
    await person.signIn()
    return person
  }

  /** Moves the chain's time on, in a block. */
  async passTime(seconds: number): Promise<void> {
    await devnetRpc(this.devnet.rpcUrl, 'devnet_increaseTime', { time: seconds })
  }

  /** Every row of every table, bytes as letters as well. */
  async everyRow(): Promise<string[]> {
    const { database, tenants } = this.gateway
    const schemas = ['shared', ...tenants.all.map(({ slug }) => `t_${slug}`)]
    return await database.inShared(async (tx) => {
      const tables = await tx.rows(
        z.object({ table_schema: z.string(), table_name: z.string() }),
        'SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = ANY($1)',
        [schemas],
      )
      const rows: string[] = []
      for (const { table_schema, table_name } of tables) {
        const found = await tx.rows(z.record(z.string(), z.unknown()), `SELECT * FROM "${table_schema}"."${table_name}"`)
        for (const row of found) rows.push(`${table_schema}.${table_name} ${Object.values(row).map(textOf).join(' ')}`)
      }
      return rows
    })
  }

  async stop(): Promise<void> {
    await this.stopGateway()
    await this.wire.close()
    await this.devnet.stop()
    await this.#dropDatabase()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** The tenants' file of a gateway that serves everyone of the local network. */
export function tenantsOf(accounts: readonly LocalAccountWithKey[]): unknown[] {
  return localOrganisations.map(({ slug, name, role }) => {
    const operator = accounts.find((each) => each.plays === 'gateway' && each.organisation === slug)
    const signing = operator === undefined ? {} : { operator: { address: operator.address, privateKey: operator.privateKey } }
    return { organisation: slugToOrganisationId(slug), slug, role, name, ...signing }
  })
}

/** A sample record, gzip. */
export async function sample(name: string): Promise<Uint8Array> {
  return await readFile(new URL(`../data/synthea/${name}`, import.meta.url))
}

/** A small record with one value in each of some categories; `mark` stands in every text of it. */
export function markedBundle(mark: string): Uint8Array {
  const subject = { reference: 'urn:uuid:patient' }
  const category = (code: string) => [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] }]
  const code = (text: string) => ({
    coding: [{ system: 'http://loinc.org', code: '8867-4', display: `${text} ${mark}` }],
    text: `${text} ${mark}`,
  })
  const observation = (kind: string, date: string, value: number) => ({
    resourceType: 'Observation',
    status: 'final',
    category: category(kind),
    code: code(kind),
    subject,
    effectiveDateTime: date,
    valueQuantity: { value, unit: `unit-${mark}` },
    note: [{ text: `Note ${mark}` }],
  })
  const resources: { resourceType: string; [field: string]: unknown }[] = [
    {
      resourceType: 'Patient',
      id: `patient-${mark}`,
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'http://hospital.example', value: `mrn-${mark}` }],
      name: [{ family: `Family${mark}`, given: [`Given${mark}`] }],
      birthDate: '1961-07-19',
      address: [{ line: [`Street ${mark}`], city: `City${mark}` }],
    },
    observation('vital-signs', '2020-01-15T10:00:00Z', 71.25),
    observation('vital-signs', '2023-01-15T10:00:00Z', 72.25),
    observation('laboratory', '2023-02-15T10:00:00Z', 73.25),
    {
      resourceType: 'Condition',
      subject,
      code: code('Condition'),
      recordedDate: '2023-03-01',
      clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
    },
  ]
  const entry = resources.map((resource, index) => ({ fullUrl: `urn:uuid:${index === 0 ? 'patient' : `r${index}`}`, resource }))
  return gzipSync(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }))
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value)
}
