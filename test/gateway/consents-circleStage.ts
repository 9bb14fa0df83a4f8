import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deployment } from '@medsync/chain'
import { openEmbeddedEngine } from '@medsync/context/embedded'
import { type ContextEngine, EngineClosedError } from '@medsync/context/engine'
import { type Commitment, felt, type OrganisationId, slugToOrganisationId, ZERO } from '@medsync/protocol'
import { pino } from 'pino'
import { systemClock } from '../../services/gateway/src/clock.ts'
import { ContextBridge } from '../../services/gateway/src/context/bridge.ts'
import { Catalogue } from '../../services/gateway/src/context/catalogue.ts'
import { Circle } from '../../services/gateway/src/context/circle.ts'
import { CircleContext } from '../../services/gateway/src/context/circleContext.ts'
import { CircleEngine } from '../../services/gateway/src/context/circleEngine.ts'
import { ConfirmedHospitals } from '../../services/gateway/src/context/confirmedHospitals.ts'
import { ContextKeys } from '../../services/gateway/src/context/contextKeys.ts'
import { Filings } from '../../services/gateway/src/context/filings.ts'
import { PartyLabels } from '../../services/gateway/src/context/partyLabels.ts'
import { Publisher } from '../../services/gateway/src/context/publisher.ts'
import type { Database } from '../../services/gateway/src/database/database.ts'
import { openDatabase } from '../../services/gateway/src/database/openDatabase.ts'
import { Links } from '../../services/gateway/src/enrolment/links.ts'
import { readEnv } from '../../services/gateway/src/env.ts'
import { KeyRing } from '../../services/gateway/src/keys/keyRing.ts'
import { type Tenant, Tenants } from '../../services/gateway/src/tenants/tenants.ts'
import { freshDatabase } from './access-database.ts'
import { REGISTRY } from './consents-contextSuite.ts'

const APP = new URL('../../calimero-app/res/medsync.wasm', import.meta.url)
/** Where the commitments of these tests belong. */
/** Consents that a patient may prepare in a day here. */
export const MOST_DRAFTS = 20

export const deployment: Deployment = {
  chainId: REGISTRY.chainId,
  rpcUrl: 'http://127.0.0.1:9',
  startBlock: 0,
  contracts: { participants: ZERO, consentRegistry: REGISTRY.registry, accessLog: ZERO, rewardPool: ZERO },
  tokens: [],
}

/** An engine that several gateways share, and that can go away. */
export class SharedCircle {
  readonly folder: string
  readonly hospitals: readonly string[]
  /** Answers nothing while true. */
  isAway = false
  #opening: Promise<ContextEngine> | undefined

  private constructor(folder: string, hospitals: readonly string[]) {
    this.folder = folder
    this.hospitals = hospitals
  }

  /** One with these hospitals in it; the first keeps it. */
  static async raise(hospitals: readonly string[]): Promise<SharedCircle> {
    return new SharedCircle(await mkdtemp(join(tmpdir(), 'medsync-circle-')), hospitals)
  }

  /** For one gateway: closing it leaves the engine to the others. */
  async open(): Promise<ContextEngine> {
    this.#opening ??= this.#start()
    const engine = await this.#opening
    const events = new AbortController()
    return {
      members: engine.members,
      initialise: (...args) => engine.initialise(...args),
      call: async (...args) => {
        if (this.isAway) throw new EngineClosedError()
        return await engine.call(...args)
      },
      events: ({ signal } = {}) =>
        engine.events({ signal: signal === undefined ? events.signal : AbortSignal.any([signal, events.signal]) }),
      close: async () => events.abort(),
    }
  }

  async stop(): Promise<void> {
    await (await this.#opening)?.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  async #start(): Promise<ContextEngine> {
    const engine = await openEmbeddedEngine({ folder: this.folder, wasm: await readFile(APP), members: this.hospitals })
    const [keeper = ''] = this.hospitals
    await engine.initialise(keeper, { admin_organisation: slugToOrganisationId(keeper), kind: 'hospital' })
    return engine
  }
}

/** What a gateway keeps when it is stopped. */
export type CircleHome = { readonly database: Database; readonly ring: KeyRing; readonly tenants: Tenants; drop(): Promise<void> }

/** One gateway's part of a circle. */
export type CircleGateway = {
  readonly context: CircleContext
  readonly bridge: ContextBridge
  readonly filings: Filings
  readonly circle: Circle
  /** Ends its part; what it keeps stays. */
  stop(): Promise<void>
}

/** Makes what a gateway keeps: a database of its own, and its keys. */
export async function makeHome(hospitals: readonly string[], offices: readonly string[] = []): Promise<CircleHome> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-context-'))
  const fresh = await freshDatabase(join(folder, 'database'), [...hospitals, ...offices])
  const tenants = new Tenants([
    ...hospitals.map((slug) => tenantOf(slug, 'hospital')),
    ...offices.map((slug) => tenantOf(slug, 'research')),
  ])
  const ring = new KeyRing(crypto.getRandomValues(new Uint8Array(32)))
  const files = { DEPLOYMENT_FILE: 'unused', TENANTS_FILE: 'unused', MASTER_KEY_FILE: 'unused' }
  const env = readEnv({ GATEWAY_PORT: '0', PUBLIC_ORIGIN: 'http://127.0.0.1', ...files, ...fresh.env })
  const database = await openDatabase({ env, tenants, keys: ring, clock: systemClock, log: pino({ level: 'silent' }) })
  const drop = async () => {
    await database.close()
    await fresh.drop()
    await rm(folder, { recursive: true, force: true })
  }
  return { database, ring, tenants, drop }
}

/**
 * Starts a gateway's part of a circle. Its bridge is not started.
 * @param options.published - Keys on chain, by organisation; those of its hospitals are added.
 * @param options.granted - What patients have granted on chain.
 * @param options.log - Takes its lines.
 */
export async function raiseCircleGateway({
  shared,
  home,
  published,
  granted = new Set(),
  log: lines = [],
}: {
  readonly shared: SharedCircle
  readonly home: CircleHome
  readonly published: Map<OrganisationId, Uint8Array>
  readonly granted?: ReadonlySet<Commitment>
  readonly log?: string[]
}): Promise<CircleGateway> {
  const { database, ring, tenants } = home
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const keys = new ContextKeys(ring, tenants)
  for (const { organisation } of tenants.hospitals) {
    const pair = await keys.of(organisation)
    if (pair !== undefined) published.set(organisation, pair.publicBytes)
  }
  const participants = {
    find: (organisation: OrganisationId) =>
      published.has(organisation)
        ? { organisation, name: 'a hospital', role: 'hospital' as const, standing: 'active' as const }
        : undefined,
    keysOf: (organisation: OrganisationId) => [published.get(organisation) ?? []].flat(),
  }
  const circle = new Circle({
    engine: new CircleEngine(() => shared.open()),
    idOf: ({ members }) => `test|${members[0]?.executor}`,
    tenants,
    seats: tenants.hospitals.map(({ slug }) => slug),
  })
  const filings = new Filings({ database, keys: ring, clock: systemClock })
  const catalogue = new Catalogue({ circle, keys: ring })
  const confirmed = new ConfirmedHospitals({ database, keys: ring })
  const labels = new PartyLabels(deployment)
  const onChain = () => ({ participants })
  const publisher = new Publisher({
    circle,
    filings,
    confirmed,
    keys,
    labels,
    deployment,
    onChain,
    holdersHere: (patient) => catalogue.ownHospitalsOf(patient),
  })
  const bridge = new ContextBridge({
    circle,
    catalogue,
    publisher,
    filings,
    keys,
    links: new Links({ keys: ring, clock: systemClock, log }),
    database,
    tenants,
    log,
    publishKeys: async () => undefined,
  })
  const parts = { circle, keys, labels, tenants, onChain, filings, publisher, catalogue, confirmed, deployment }
  const context = new CircleContext({ ...parts, mostDrafts: MOST_DRAFTS, isGranted: (_patient, commitment) => granted.has(commitment) })
  return { context, bridge, filings, circle, stop: () => bridge.stop() }
}

function tenantOf(slug: string, role: Tenant['role']): Tenant {
  return { slug, organisation: slugToOrganisationId(slug), role, name: felt(1) }
}
