import { appendFile, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { devnetRpc } from '../devnet/devnetRpc.ts'

const blockSchema = z.object({ timestamp: z.number().int() })

/** Reads the times of blocks 0 and on that were written down; ends before the first gap or unreadable line. */
export async function readBlockTimes(path: string): Promise<number[]> {
  const timesS: number[] = []
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const match = /^(\d+) (\d+)$/.exec(line)
    if (match === null || Number(match[1]) !== timesS.length) break
    timesS.push(Number(match[2]))
  }
  return timesS
}

/** Asks the node for the times of these blocks. */
export async function fetchBlockTimes(rpcUrl: string, from: number, to: number): Promise<number[]> {
  const timesS: number[] = []
  for (let number = from; number <= to; number++) {
    const block = await devnetRpc(rpcUrl, 'starknet_getBlockWithTxHashes', { block_id: { block_number: number } })
    timesS.push(blockSchema.parse(block).timestamp)
  }
  return timesS
}

/** Number of the newest block. */
export async function newestBlock(rpcUrl: string): Promise<number> {
  return z.number().parse(await devnetRpc(rpcUrl, 'starknet_blockNumber'))
}

/** What keeps the times of blocks until it is stopped. */
export interface TimeKeeper {
  /** Writes down what is left, then ends. */
  stop(): Promise<void>
  /** Rejects when the node can no longer be read; pending otherwise. */
  failed: Promise<never>
}

/** How the times are kept. */
export interface TimeKeeperOptions {
  rpcUrl: string
  /** File with a line `number time` for each block. */
  path: string
  /** First block that is not in the file. */
  from: number
  everyMs?: number
  /** Makes an empty block when there was none for so long, because a contract sees the time of the block before its own. */
  idleMs?: number
}

/** Writes down the time of every block as it comes, and makes an empty one when the chain was idle. */
export function keepTimes({ rpcUrl, path, from, everyMs = 250, idleMs = 30_000 }: TimeKeeperOptions): TimeKeeper {
  const stopping = new AbortController()
  let next = from
  let lastBlockMs = performance.now()
  const running = run()
  return {
    failed: running.then(() => new Promise<never>(() => undefined)),
    async stop() {
      stopping.abort()
      await running
    },
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await catchUp()
      if (performance.now() - lastBlockMs > idleMs) await devnetRpc(rpcUrl, 'devnet_createBlock')
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
    await catchUp()
  }

  async function catchUp(): Promise<void> {
    const newest = await newestBlock(rpcUrl)
    if (newest < next) return
    const timesS = await fetchBlockTimes(rpcUrl, next, newest)
    await appendFile(path, timesS.map((timeS, index) => `${next + index} ${timeS}\n`).join(''))
    next = newest + 1
    lastBlockMs = performance.now()
  }
}
