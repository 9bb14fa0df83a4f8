import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChoreError } from '../choreError.ts'
import { freePort } from '../processes/ports.ts'
import { type Child, startChild } from '../processes/startChild.ts'
import { isAlive } from './devnetRpc.ts'

/** How a local node is started; everything has a default but the binary. */
export interface DevnetOptions {
  /** The starknet-devnet program, from `ensureDevnet`. */
  binary: string
  /** A free one when not given. */
  port?: number
  /** Of the predeployed accounts. */
  seed?: number
  accounts?: number
  /** File of requests that the node writes each block and runs again when it starts. */
  dumpPath?: string
  /** Time of block 0, seconds. */
  startTimeS?: number
  /** Keeps old states, which `devnet_abortBlocks` needs. */
  stateArchive?: boolean
  logPath?: string
  /** How long it may take until it answers; running many requests again takes about 6 ms each. */
  readyWithinMs?: number
}

/** A running local node. */
export interface Devnet {
  rpcUrl: string
  wsUrl: string
  port: number
  process: Child
  stop(): Promise<void>
}

/** Accounts are made from this seed in every local network, so that addresses are always the same. */
export const LOCAL_SEED = 42
/** As many accounts as `localAccounts` names, and some to spare. */
export const LOCAL_ACCOUNT_COUNT = 20

/**
 * Starts a starknet-devnet and waits until it answers. It ends with this process.
 * @throws {ChoreError} `devnet/not-ready` when it ends or does not answer in time; the message holds the end of its log.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const port = options.port ?? (await freePort())
  const child = await startChild({
    name: 'chain',
    program: options.binary,
    args: devnetArguments(options, port),
    // Otherwise it writes a line for every request.
    env: { RUST_LOG: 'warn' },
    // It prints the keys of its accounts; a log is no place for keys, not even for these.
    ...(options.logPath === undefined ? {} : { logPath: options.logPath, withhold: /private key/i }),
  })
  const rpcUrl = `http://127.0.0.1:${port}/rpc`
  const untilMs = performance.now() + (options.readyWithinMs ?? 30_000)
  while (!(await isAlive(rpcUrl))) {
    if (!child.isRunning() || performance.now() > untilMs) {
      await child.stop()
      throw new ChoreError(
        'devnet/not-ready',
        `The local node on port ${port} did not come up.${await logTail(options.logPath)}`,
        'See its log, then try again.',
      )
    }
    await sleep(25)
  }
  return { rpcUrl, wsUrl: `ws://127.0.0.1:${port}/ws`, port, process: child, stop: () => child.stop() }
}

function devnetArguments(options: DevnetOptions, port: number): string[] {
  const { seed = LOCAL_SEED, accounts = LOCAL_ACCOUNT_COUNT, dumpPath, startTimeS, stateArchive } = options
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--seed', String(seed), '--accounts', String(accounts)],
    ...(dumpPath === undefined ? [] : ['--dump-path', dumpPath, '--dump-on', 'block']),
    ...(startTimeS === undefined ? [] : ['--start-time', String(startTimeS)]),
    ...(stateArchive === true ? ['--state-archive-capacity', 'full'] : []),
  ]
}

async function logTail(logPath: string | undefined): Promise<string> {
  if (logPath === undefined) return ''
  const lines = (await readFile(logPath, 'utf8')).trimEnd().split('\n')
  return `\n${lines.slice(-8).join('\n')}\n(${logPath})\n`
}
