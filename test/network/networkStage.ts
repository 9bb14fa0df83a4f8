import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CalimeroEngine, type CircleIds, foundCircle, inviteToCircle, joinCircle, openCalimeroEngine } from '@medsync/context/calimero'
import { describe } from 'vitest'
import { peerAddressOf } from '../../scripts/nodes/nodeConfig.ts'
import { openNodeHome } from '../../scripts/nodes/nodeHome.ts'
import { type RunningNode, startNode } from '../../scripts/nodes/startNode.ts'
import { inProject } from '../../scripts/paths.ts'
import { freePort } from '../../scripts/processes/ports.ts'
import { findNode } from '../../scripts/toolchain/ensureNode.ts'

const found = await findNode()
if (found === undefined) console.warn('There is no Calimero node here, so these tests are left out: `npm run node:build` makes one.')

/** Tests that need real nodes; left out where there is no program of one. */
export const describeNetwork: typeof describe.skip = found === undefined ? describe.skip : describe

/** The app's bundle that the nodes install. */
export const BUNDLE = inProject('calimero-app', 'res', 'medsync.mpk')

/** Hospitals of the tests' circle and their organisations; the first is the keeper. */
export const HOSPITALS = { mercy: '0x1', lakeside: '0x2', stclare: '0x3' } as const

/** One of them. */
export type Name = keyof typeof HOSPITALS

/** A hospital's node, which may be ended and started again. */
export type Seat = {
  readonly name: Name
  /** Its folder. */
  readonly home: string
  readonly logPath: string
  /** As it runs now. */
  node: RunningNode
  /** Starts it again on the same ports. */
  restart(): Promise<void>
}

/** Nodes that know each other, and no circle yet. */
export type Nodes = {
  readonly folder: string
  readonly seats: Readonly<Record<Name, Seat>>
  /** All that the nodes' programs wrote so far. */
  said(): Promise<string>
  close(): Promise<void>
}

/** Nodes in one circle, each hospital admitted by the keeper. */
export type Network = Nodes & {
  readonly ids: CircleIds
  readonly engine: CalimeroEngine
  executorOf(name: Name): string
}

const NAMES: readonly Name[] = ['mercy', 'lakeside', 'stclare']
const ANY_KEY = Buffer.alloc(32, 9).toString('base64')

/** Starts three nodes in a new folder. */
export async function startNodes({ isEncrypted = true }: { isEncrypted?: boolean } = {}): Promise<Nodes> {
  const folder = await mkdtemp(join(tmpdir(), 'medsync-network-'))
  const seats = await Promise.all(NAMES.map((name) => prepare(name, folder)))
  const addresses = new Map(seats.map((seat) => [seat.name, peerAddressOf(seat)]))
  const started = await Promise.all(seats.map(({ name, home, serverPort, swarmPort }) => seatOf(name, home, { serverPort, swarmPort })))
  const [mercy, lakeside, stclare] = started
  if (mercy === undefined || lakeside === undefined || stclare === undefined) throw new TypeError('Three seats were made.')
  return {
    folder,
    seats: { mercy, lakeside, stclare },
    said: async () => (await Promise.all(started.map(({ logPath }) => readFile(logPath, 'utf8')))).join('\n'),
    close: async () => {
      await Promise.all(started.map(({ node }) => node.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function seatOf(name: Name, home: string, ports: { serverPort: number; swarmPort: number }): Promise<Seat> {
    const logPath = `${home}.log`
    const bootstrap = NAMES.filter((other) => other !== name).map((other) => addresses.get(other) ?? '')
    const start = () => startNode({ binary: found?.path ?? '', home, ...ports, bootstrap, logPath, isEncrypted })
    const seat: Seat = {
      name,
      home,
      logPath,
      node: await start(),
      restart: async () => {
        seat.node = await start()
      },
    }
    return seat
  }
}

/** Starts three nodes and makes one circle of them, with MedSync's app in it. */
export async function startNetwork(options: { isEncrypted?: boolean } = {}): Promise<Network> {
  const nodes = await startNodes(options)
  try {
    const { mercy } = nodes.seats
    const ids = await foundCircle(mercy.node.access, {
      bundlePath: BUNDLE,
      initialise: { admin_organisation: HOSPITALS.mercy, kind: 'hospital' },
      name: 'the tests’ circle',
    })
    for (const name of NAMES.slice(1)) {
      const invitation = await inviteToCircle(mercy.node.access, ids, { expiresInS: 600 })
      await joinCircle(nodes.seats[name].node.access, invitation, { bundlePath: BUNDLE })
    }
    const members = NAMES.map((member) => ({ member, access: nodes.seats[member].node.access }))
    const engine = await openCalimeroEngine({ contextId: ids.contextId, nodes: members })
    const executorOf = (name: Name): string => engine.members.find((member) => member.name === name)?.executor ?? ''
    for (const name of NAMES.slice(1)) await admit(engine, name, executorOf(name))
    return {
      ...nodes,
      ids,
      engine,
      executorOf,
      close: async () => {
        await engine.close()
        await nodes.close()
      },
    }
  } catch (error) {
    await nodes.close()
    throw error
  }
}

async function admit(engine: CalimeroEngine, name: Name, executor: string): Promise<void> {
  const member = { executor, organisation: HOSPITALS[name], kind: 'hospital', encryption_key_base64: ANY_KEY }
  await engine.call('mercy', 'admit_member', member)
}

async function prepare(name: Name, folder: string) {
  const home = join(folder, name)
  const node = await openNodeHome(home, { serverPort: await freePort(), swarmPort: await freePort() })
  return { name, ...node, home }
}
