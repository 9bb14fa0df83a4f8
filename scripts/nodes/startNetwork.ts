import { setTimeout as sleep } from 'node:timers/promises'
import { callApp } from '@medsync/context/app'
import {
  addToCircle,
  type CalimeroEngine,
  type CircleIds,
  foundCircle,
  inviteToCircle,
  joinCircle,
  openCalimeroEngine,
} from '@medsync/context/calimero'
import { inProject } from '../paths.ts'
import { type NodesOptions, type Seat, startNodes } from './startNodes.ts'

/** The app's bundle that the nodes install. */
export const APP_BUNDLE = inProject('calimero-app', 'res', 'medsync.mpk')

/** Nodes on this machine that form one circle, with MedSync's app in it. */
export interface Network {
  ids: CircleIds
  /** Acts for each of the hospitals through its own node. */
  engine: CalimeroEngine
  seatOf(name: string): Seat
  executorOf(name: string): string
  /** All that the nodes' programs wrote so far. */
  said(): string
  /** Ends the nodes; their folders stay. */
  close(): Promise<void>
}

/** How a network is started. */
export interface NetworkOptions extends Omit<NodesOptions, 'names'> {
  /** Organisation by name of the hospital; the first opens the circle and is its keeper. */
  hospitals: Readonly<Record<string, string>>
}

const ANY_KEY = Buffer.alloc(32, 9).toString('base64')
const INVITED_FOR_S = 600
const ADMITTED_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 20

/** Starts a node for each hospital and makes one circle of them; each is admitted by the keeper. */
export async function startNetwork({ hospitals, ...options }: NetworkOptions): Promise<Network> {
  const names = Object.keys(hospitals)
  const seats = await startNodes({ ...options, names })
  try {
    const [keeper, ...guests] = seats
    if (keeper === undefined) throw new TypeError('A network needs a node.')
    const ids = await foundCircle(keeper.node.access, {
      bundlePath: APP_BUNDLE,
      initialise: { admin_organisation: hospitals[keeper.name] ?? '', kind: 'hospital' },
      name: 'hospitals',
    })
    const invitation = await inviteToCircle(keeper.node.access, ids, { expiresInS: INVITED_FOR_S })
    const onExecutor = (executor: string): Promise<void> => addToCircle(keeper.node.access, ids, executor)
    await Promise.all(guests.map(({ node }) => joinCircle(node.access, invitation, { bundlePath: APP_BUNDLE, onExecutor })))
    const engine = await openCalimeroEngine({
      contextId: ids.contextId,
      nodes: seats.map(({ name, node }) => ({ member: name, access: node.access })),
    })
    const executorOf = (name: string): string => found(engine.members, name).executor
    for (const { name } of guests) {
      const member = { executor: executorOf(name), organisation: hospitals[name], kind: 'hospital', encryption_key_base64: ANY_KEY }
      await engine.call(keeper.name, 'admit_member', member)
    }
    await Promise.all(guests.map(({ name }) => untilAdmitted(engine, name)))
    return {
      ids,
      engine,
      executorOf,
      seatOf: (name) => found(seats, name),
      said: () => seats.map((seat) => seat.said()).join('\n'),
      close: async () => {
        await engine.close()
        await stopAll(seats)
      },
    }
  } catch (error) {
    await stopAll(seats)
    throw error
  }
}

/** The keeper's word has to reach the guest's own node, which checks it before it writes. */
async function untilAdmitted(engine: CalimeroEngine, name: string): Promise<void> {
  const signal = AbortSignal.timeout(ADMITTED_WITHIN_MS)
  while (!(await callApp(engine, name, 'whoami', {}, { signal })).is_member) await sleep(LOOK_EVERY_MS, undefined, { signal })
}

function found<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const one = all.find((each) => each.name === name)
  if (one === undefined) throw new TypeError(`There is no ${name} in this network.`)
  return one
}

async function stopAll(seats: readonly Seat[]): Promise<void> {
  await Promise.all(seats.map((seat) => seat.stop()))
}
