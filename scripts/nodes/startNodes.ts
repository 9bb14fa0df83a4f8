import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../processes/ports.ts'
import { peerAddressOf } from './nodeConfig.ts'
import { openNodeHome } from './nodeHome.ts'
import { type RunningNode, startNode } from './startNode.ts'
import { StuckWatch } from './stuckWatch.ts'

/** A place for one node on this machine, which may be ended and started again. */
export interface Seat {
  name: string
  /** Its folder. */
  home: string
  logPath: string
  /** As it runs now. */
  node: RunningNode
  /** How often it was started anew because it answered no more; see `StuckWatch`. */
  stuckCount: number
  /** Starts it again on the same ports. */
  restart(): Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
  /** All that its program wrote so far. */
  said(): string
}

/** How nodes on this machine are started. */
export interface NodesOptions {
  /** The calimero-node program, from `ensureNode`. */
  binary: string
  /** Folder of their folders. */
  folder: string
  names: readonly string[]
  /** Whether the values they store are encrypted; they are unless said. */
  isEncrypted?: boolean
}

/**
 * Starts nodes on free ports of the loopback address, each of which knows all others. One that answers no more is started anew, as
 * `npm run node` does. They end with this process.
 */
export async function startNodes({ binary, folder, names, isEncrypted = true }: NodesOptions): Promise<Seat[]> {
  const places = await Promise.all(names.map((name) => place(name, join(folder, name))))
  return await Promise.all(places.map(start))

  async function start({ name, home, address, serverPort, swarmPort }: Place): Promise<Seat> {
    const logPath = `${home}.log`
    const bootstrap = places.map((other) => other.address).filter((other) => other !== address)
    const run = (): Promise<RunningNode> => startNode({ binary, home, serverPort, swarmPort, bootstrap, logPath, isEncrypted })
    const watch = new StuckWatch()
    let isOver = false
    let starting: Promise<void> | undefined
    const begin = async (): Promise<void> => {
      if (isOver || seat.node.child.isRunning()) return
      seat.node = await run()
      keep(seat.node)
    }
    const restart = (): Promise<void> => {
      starting ??= begin().finally(() => {
        starting = undefined
      })
      return starting
    }
    const startStuckAnew = async (node: RunningNode): Promise<void> => {
      await watch.untilStuck(node)
      if (isOver || seat.node !== node) return
      seat.stuckCount += 1
      await node.kill()
      await restart()
    }
    const keep = (node: RunningNode): void => {
      startStuckAnew(node).catch((failure: unknown) => console.error(`${name} was stuck and could not be started anew:`, failure))
    }
    const seat: Seat = {
      name,
      home,
      logPath,
      node: await run(),
      stuckCount: 0,
      restart,
      stop: async () => {
        isOver = true
        await starting?.catch(() => undefined)
        await seat.node.stop()
      },
      said: () => (existsSync(logPath) ? readFileSync(logPath, 'utf8') : ''),
    }
    keep(seat.node)
    return seat
  }
}

interface Place {
  name: string
  home: string
  address: string
  serverPort: number
  swarmPort: number
}

/** Made before any node is started: identities are known then, so that each can be told of all others. */
async function place(name: string, home: string): Promise<Place> {
  const [serverPort, swarmPort] = [await freePort(), await freePort()]
  const node = await openNodeHome(home, { serverPort, swarmPort })
  return { name, home, address: peerAddressOf(node), serverPort, swarmPort }
}
