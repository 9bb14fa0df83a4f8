import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { devnetRpc } from '../devnet/devnetRpc.ts'
import { type Devnet, startDevnet } from '../devnet/startDevnet.ts'
import type { Child } from '../processes/startChild.ts'
import type { Progress } from '../progress.ts'
import { fetchBlockTimes, keepTimes, newestBlock, readBlockTimes } from './blockTimes.ts'
import { type DumpedRequest, makesABlock, parseRequests, withTimes } from './requests.ts'

/** The chain of `npm start`: what it knows is in its folder and comes back with it. */
export interface LocalChain {
  rpcUrl: string
  wsUrl: string
  process: Child
  /** Rejects when the chain cannot be read any more. */
  failed: Promise<never>
  stop(): Promise<void>
}

/** What is needed to start it. */
export interface LocalChainOptions {
  binary: string
  port: number
  folder: string
  logPath: string
  told: Progress
}

const RESET = 'Run `npm run reset` to start over, or put back a copy of the state folder.'
/** Running a request again takes about 6 ms here; twenty times that is still no fault. */
const REPLAY_MS = 120

/**
 * Starts the local chain. When its folder holds requests they are run again, each block at the time it had: addresses, hashes, times and
 * all state are as they were. A start that is killed half-way loses nothing, the next one begins with the same requests.
 * @throws {ChoreError} `state/chain-unreadable` or `state/chain-differs`: what is in the folder cannot be brought back.
 */
export async function startLocalChain({ binary, port, folder, logPath, told }: LocalChainOptions): Promise<LocalChain> {
  await mkdir(folder, { recursive: true })
  const paths = {
    requests: join(folder, 'requests.json'),
    loading: join(folder, 'requests.loading.json'),
    times: join(folder, 'block-times'),
  }
  const saved = await readSaved(paths)
  const requests = saved === undefined ? undefined : withTimes(saved.requests, saved.timesS.slice(1))
  if (requests !== undefined) {
    await writeWhole(paths.loading, JSON.stringify(requests))
    await writeWhole(paths.requests, JSON.stringify(requests))
    told.update(`running ${requests.length} requests again`)
  }
  const startTimeS = saved?.timesS[0] ?? Math.floor(Date.now() / 1000)
  const readyWithinMs = 30_000 + (requests?.length ?? 0) * REPLAY_MS
  const devnet = await startDevnet({ binary, port, dumpPath: paths.requests, startTimeS, logPath, readyWithinMs })
  try {
    if (saved !== undefined) await verify(devnet, saved)
    await rm(paths.loading, { force: true })
    await continueTime(devnet)
    const newest = await newestBlock(devnet.rpcUrl)
    const timesS = await fetchBlockTimes(devnet.rpcUrl, saved?.timesS.length ?? 0, newest)
    await writeWhole(paths.times, [...(saved?.timesS ?? []), ...timesS].map((timeS, number) => `${number} ${timeS}\n`).join(''))
    const keeper = keepTimes({ rpcUrl: devnet.rpcUrl, path: paths.times, from: newest + 1 })
    // Whoever waits for `failed` hears of it; who does not is not ended by it.
    keeper.failed.catch(() => undefined)
    return { ...devnet, failed: keeper.failed, stop: () => stop(devnet, keeper) }
  } catch (error) {
    await devnet.stop()
    throw error
  }
}

interface Saved {
  requests: DumpedRequest[]
  /** Of block 0 and on: one more than there are requests that make a block. */
  timesS: number[]
}

async function readSaved(paths: { requests: string; loading: string; times: string }): Promise<Saved | undefined> {
  const path = [paths.loading, paths.requests].find(existsSync)
  if (path === undefined && !existsSync(paths.times)) return undefined
  const requests = path === undefined || !existsSync(paths.times) ? undefined : parseRequests(await readFile(path, 'utf8'))
  if (path === undefined || requests === undefined)
    throw new ChoreError('state/chain-unreadable', 'The chain of the state folder cannot be read.', RESET)
  const timesS = await readBlockTimes(paths.times)
  const blocks = 1 + requests.filter(makesABlock).length
  if (timesS.length === 0)
    throw new ChoreError('state/chain-unreadable', 'The times of the chain in the state folder cannot be read.', RESET)
  // Whoever was killed right after a block may not have written its time down; the file of requests was written in that second.
  const writtenS = Math.floor((await stat(path)).mtimeMs / 1000)
  while (timesS.length < blocks) timesS.push(Math.max(writtenS, timesS.at(-1) ?? 0))
  return { requests, timesS: timesS.slice(0, blocks) }
}

async function verify(devnet: Devnet, { timesS }: Saved): Promise<void> {
  const newest = await newestBlock(devnet.rpcUrl)
  const [lastS] = newest === timesS.length - 1 ? await fetchBlockTimes(devnet.rpcUrl, newest, newest) : []
  if (lastS === timesS.at(-1)) return
  throw new ChoreError(
    'state/chain-differs',
    `The chain came back with ${newest} blocks instead of ${timesS.length - 1}, or at another time.`,
    RESET,
  )
}

/** From here on the clock runs again, never backwards: an empty block carries the time of now. */
async function continueTime(devnet: Devnet): Promise<void> {
  const newest = await newestBlock(devnet.rpcUrl)
  const [lastS = 0] = await fetchBlockTimes(devnet.rpcUrl, newest, newest)
  await devnetRpc(devnet.rpcUrl, 'devnet_setTime', { time: Math.max(Math.floor(Date.now() / 1000), lastS), generate_block: true })
}

async function stop(devnet: Devnet, keeper: { stop(): Promise<void> }): Promise<void> {
  if (devnet.process.isRunning()) await keeper.stop().catch(() => undefined)
  await devnet.stop()
}

async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`
  await writeFile(part, text)
  await rename(part, path)
}
