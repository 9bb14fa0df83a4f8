import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type Deployment, readEncryptionKey } from '@medsync/chain'
import { callApp } from '@medsync/context/app'
import { buildServer, composeGateway, type Gateway, readEnv } from '@medsync/gateway'
import { type OrganisationId, slugToOrganisationId } from '@medsync/protocol'
import { type Devnet, deployMedsync, type LocalAccountWithKey, localAccount, localOrganisations, startDevnet } from '@medsync/testing'
import { pino } from 'pino'
import { vi } from 'vitest'
import { circleFileOf } from '../../scripts/circle/circleFileOf.ts'
import { Person } from '../../scripts/demo/person.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { embeddedDatabase } from '../gateway/records-embedded.ts'
import { NAMES, PATIENTLY } from './networkStage.ts'
import { type BareCircle, openBareCircle } from './suiteCircle.ts'

/** A hospital of the stage. */
export type Name = (typeof NAMES)[number]

/** A hospital with all that is its own: a gateway that listens, its database, its node. */
export type Hospital = {
  readonly name: Name
  readonly organisation: OrganisationId
  readonly gateway: Gateway
  /** Its database and keys. */
  readonly folder: string
  /** Its node's folder. */
  readonly home: string
  /** What its gateway logged, one JSON a line. */
  readonly log: readonly string[]
  /** Somebody of the local network, signed in at this gateway. */
  signedIn(label: string): Promise<Person>
}

/** Three hospitals in one circle on one chain, who share nothing else. Mercy's gateway serves the research office Northgate, too. */
export type RoomsStage = {
  readonly hospitals: Readonly<Record<Name, Hospital>>
  readonly circle: BareCircle
  /** Ends gateways and nodes; their folders stay. */
  rest(): Promise<void>
  stop(): Promise<void>
}

const OFFICES: Readonly<Record<Name, readonly string[]>> = { mercy: ['northgate'], lakeside: [], stclare: [] }

type Local = {
  readonly folder: string
  readonly devnet: Devnet
  readonly deployment: Deployment
  readonly accounts: readonly LocalAccountWithKey[]
}
type Running = { readonly hospital: Hospital; stop(): Promise<void> }

/** Starts it. The nodes' stores are not encrypted, so that a search in their files sees what is there. */
export async function raiseRooms(): Promise<RoomsStage> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-rooms-'))
  const running: Running[] = []
  const [opened, started] = await Promise.allSettled([
    openBareCircle({ keeper: slugToOrganisationId('mercy'), isEncrypted: false }),
    startChain(folder),
  ])
  const circle = opened.status === 'fulfilled' ? opened.value : undefined
  const chain = started.status === 'fulfilled' ? started.value : undefined
  const rest = async (): Promise<void> => {
    await Promise.all(running.splice(0).map((each) => each.stop()))
    await Promise.all(NAMES.map((name) => circle?.seatOf(name).node.stop()))
  }
  const stop = async (): Promise<void> => {
    await rest()
    await circle?.close()
    await chain?.devnet.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    if (opened.status === 'rejected') throw opened.reason
    if (started.status === 'rejected') throw started.reason
    const of = { local: started.value, circle: opened.value }
    running.push(...(await Promise.all(NAMES.map((name) => startHospital(name, of)))))
    for (const { hospital } of running) if (hospital.name !== 'mercy') await admit(hospital, of)
    for (const { hospital } of running) await vi.waitFor(() => mustKnowAll(hospital.gateway), PATIENTLY)
    const hospitals = Object.fromEntries(running.map(({ hospital }) => [hospital.name, hospital])) as Record<Name, Hospital>
    return { hospitals, circle: opened.value, rest, stop }
  } catch (failure) {
    await stop()
    throw failure
  }
}

async function startChain(folder: string): Promise<Local> {
  const devnet = await startDevnet()
  const { deployment, accounts } = await deployMedsync(devnet)
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(deployment))
  return { folder, devnet, deployment, accounts }
}

async function startHospital(name: Name, { local, circle }: { local: Local; circle: BareCircle }): Promise<Running> {
  const { deployment, accounts } = local
  const folder = join(local.folder, name)
  await mkdir(folder)
  const { home, node } = circle.seatOf(name)
  const file = await circleFileOf(circle.ids, [{ member: name, access: node.access }])
  const tenants = [name, ...OFFICES[name]].map((slug) => tenantOf(slug, accounts))
  await writeFile(join(folder, 'context.json'), JSON.stringify(file), { mode: 0o600 })
  await writeFile(join(folder, 'tenants.json'), JSON.stringify(tenants), { mode: 0o600 })
  await writeFile(join(folder, 'master.key'), randomBytes(32).toString('hex'), { mode: 0o600 })
  const port = await freePort()
  const env = readEnv({
    GATEWAY_PORT: String(port),
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    DATABASE_DIR: await embeddedDatabase(join(folder, 'database')),
    DEPLOYMENT_FILE: join(local.folder, 'deployment.json'),
    TENANTS_FILE: join(folder, 'tenants.json'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    FOLLOW_EVERY_MS: '100',
    CONTEXT_ENGINE: 'calimero',
    CONTEXT_FILE: join(folder, 'context.json'),
  })
  const log: string[] = []
  const write = (line: Buffer, _encoding: string, done: () => void): void => {
    log.push(String(line))
    done()
  }
  const gateway = await composeGateway(env, { log: pino({ level: 'debug' }, new Writable({ write })) })
  const server = await buildServer(gateway)
  await server.listen({ host: '127.0.0.1', port })
  const signedIn = async (label: string): Promise<Person> => {
    const person = new Person({ origin: env.PUBLIC_ORIGIN, deployment }, localAccount(deployment.rpcUrl, accounts, label))
    await person.signIn()
    return person
  }
  return {
    hospital: { name, organisation: slugToOrganisationId(name), gateway, folder, home, log, signedIn },
    stop: async () => {
      await server.close()
      await gateway.stop()
    },
  }
}

function tenantOf(slug: string, accounts: readonly LocalAccountWithKey[]): object {
  const { name, role } = localOrganisations.find((each) => each.slug === slug) ?? {}
  const { address, privateKey } = operatorOf(slug, accounts)
  return { organisation: slugToOrganisationId(slug), slug, role, name, operator: { address, privateKey } }
}

function operatorOf(slug: string, accounts: readonly LocalAccountWithKey[]): LocalAccountWithKey {
  const found = accounts.find(({ plays, organisation }) => plays === 'gateway' && organisation === slug)
  if (found === undefined) throw new RangeError(`${slug} has no gateway`)
  return found
}

/** As the keeper's operator does by `npm run circle -- admit`: with the key that the guest's own gateway has put on chain. */
async function admit({ name, organisation }: Hospital, { local, circle }: { local: Local; circle: BareCircle }): Promise<void> {
  const { address } = operatorOf(name, local.accounts)
  const key = await vi.waitFor(async () => {
    const found = await readEncryptionKey(local.deployment, address)
    if (found === undefined) throw new RangeError(`${name} has no key on chain yet`)
    return found
  }, PATIENTLY)
  const executor = circle.engine.members.find((member) => member.name === name)?.executor ?? ''
  const member = { executor, organisation, kind: 'hospital', encryption_key_base64: Buffer.from(key).toString('base64') } as const
  await callApp(circle.engine, 'mercy', 'admit_member', member)
}

/** Its node takes it for a member, and it has read everybody's key on chain. */
function mustKnowAll({ bridge, chain }: Gateway): void {
  const keyless = NAMES.filter((name) => chain.state.participants.keysOf(slugToOrganisationId(name)).length === 0)
  if (!bridge.isReachable() || keyless.length > 0) throw new RangeError(`not in step; no key of: ${keyless.join(', ')}`)
}
