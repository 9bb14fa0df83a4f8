import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimNode, type NodeAccess } from '@medsync/context/calimero'
import { EngineError } from '@medsync/context/engine'
import { ChoreError } from '../choreError.ts'
import { isPortTaken } from '../processes/ports.ts'
import { type Child, startChild } from '../processes/startChild.ts'
import type { Progress } from '../progress.ts'
import { peerAddressOf } from './nodeConfig.ts'
import { openNodeHome } from './nodeHome.ts'

/** How a node is started. */
export interface NodeOptions {
  /** The calimero-node program, from `ensureNode`. */
  binary: string
  /** Its folder; made when it is not there. It holds keys: nobody else may read it. */
  home: string
  /** Port of its API on the loopback address. */
  serverPort: number
  /** Port of the network of nodes. */
  swarmPort: number
  /** Address that other nodes reach it at; as before, loopback at first. */
  swarmHost?: string
  /** Peer addresses of nodes to begin with; as before, none at first. */
  bootstrap?: readonly string[]
  logPath: string
  /** False leaves the values that it stores in clear: only for a test of what encryption adds. */
  isEncrypted?: boolean
  told?: Progress
  /** How long it may take until it answers. */
  readyWithinMs?: number
}

/** A running node. */
export interface RunningNode {
  /** What speaks with it; the password is secret. */
  access: NodeAccess
  /** Where other nodes find it: `/ip4/127.0.0.1/tcp/P/p2p/ID`. */
  peerAddress: string
  child: Child
  /** Ends it and waits. */
  stop(): Promise<void>
  /** Ends it as a power cut would, and waits. */
  kill(): Promise<void>
}

const READY_WITHIN_MS = 30_000

/** Warnings, but none of those that quote arguments, results or panic messages; our own build of the node is silent about them anyway. */
const LOG = [
  'warn',
  ...[
    'calimero_server::jsonrpc',
    'calimero_server::execute',
    'calimero_server::ws',
    'calimero_context::handlers::execute',
    'calimero_runtime',
    'runtime',
  ].map((target) => `${target}=off`),
  // One line a request, to say that a password is no public key.
  'calimero_server::auth=error',
].join(',')

/**
 * Starts one Calimero node, waits until it answers, and makes its password its owner. It ends with this process.
 * @throws {ChoreError} `node/port-taken`, `node/not-ready` (with the end of its log) or `node/foreign` when its password is not the one in its folder.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { binary, home, serverPort, swarmPort, logPath, told, isEncrypted = true } = options
  for (const port of [serverPort, swarmPort]) await refuseTaken(port)
  const node = await openNodeHome(home, options)
  const child = await startChild({
    name: 'node',
    program: binary,
    args: [home],
    env: { RUST_LOG: LOG, ...(isEncrypted ? { NODE_STORE_KEY: node.storeKey } : {}) },
    logPath,
  })
  told?.update(`waiting for the node on port ${serverPort}`)
  const access = { url: `http://127.0.0.1:${serverPort}`, username: node.username, password: node.password }
  try {
    await untilReady(access.url, child, options)
    await claim(access)
  } catch (error) {
    await child.stop()
    throw error
  }
  return { access, peerAddress: peerAddressOf(node), child, stop: () => child.stop(), kill: () => child.kill() }
}

/** The first who signs in on a fresh node becomes its owner, so this follows its start at once. */
async function claim(access: NodeAccess): Promise<void> {
  try {
    await claimNode(access)
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.code !== 'context/node-refused') throw cause
    throw new ChoreError(
      'node/foreign',
      `The node at ${access.url} does not take the password of its folder.`,
      'Another password owns it: put back its node.json, or take another folder.',
      { cause },
    )
  }
}

async function refuseTaken(port: number): Promise<void> {
  if (await isPortTaken(port)) throw new ChoreError('node/port-taken', `Port ${port} is in use.`, 'End what uses it, or name another port.')
}

async function untilReady(url: string, child: Child, { logPath, readyWithinMs = READY_WITHIN_MS }: NodeOptions): Promise<void> {
  const untilMs = performance.now() + readyWithinMs
  while (!(await answers(url))) {
    if (!child.isRunning() || performance.now() > untilMs)
      throw new ChoreError('node/not-ready', `The node at ${url} did not come up.${logTail(logPath)}`, 'See its log, then try again.')
    await sleep(25)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${url}/admin-api/health`, { signal: AbortSignal.timeout(2_000) })
    return ok
  } catch {
    return false
  }
}

function logTail(logPath: string): string {
  if (!existsSync(logPath)) return ''
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n')
  return `\n${lines.slice(-8).join('\n')}\n(${logPath})\n`
}
