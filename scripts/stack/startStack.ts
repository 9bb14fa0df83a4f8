import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Deployment, deploymentSchema } from '@medsync/chain'
import { ChoreError } from '../choreError.ts'
import { deployLocal } from '../deploy/deployLocal.ts'
import { type LocalAccountWithKey, readLocalAccounts } from '../local/localAccounts.ts'
import { type LocalChain, startLocalChain } from '../localChain/startLocalChain.ts'
import { isPortTaken } from '../processes/ports.ts'
import type { Child } from '../processes/startChild.ts'
import { step } from '../progress.ts'
import { ensureDevnet } from '../toolchain/ensureDevnet.ts'
import { buildWeb } from '../web/buildWeb.ts'
import { checkState, currentMark } from './checkState.ts'
import { logTail, startGateway } from './startGateway.ts'
import { type StateFiles, stateFiles } from './stateFiles.ts'
import { takeLock } from './stateLock.ts'
import { writeJson, writeStateFiles } from './writeStateFiles.ts'

/** Where the whole of MedSync runs on this machine. */
export interface StackOptions {
  /** State folder; made when it is not there. */
  folder: string
  host: string
  gatewayPort: number
  devnetPort: number
  /** Address that people use; sign-ins are bound to it. */
  publicOrigin: string
  /** More for the gateway's environment. */
  gatewayEnv?: Record<string, string>
}

/** All of MedSync, running on this machine. */
export interface Stack {
  /** Where the portals and the API are. */
  origin: string
  deployment: Deployment
  accounts: readonly LocalAccountWithKey[]
  chain: LocalChain
  gateway: Child
  files: StateFiles
  /** Rejects when a part ends by itself; the error says which, and where its log is. */
  failed: Promise<never>
  /** Ends the gateway, then the chain, then gives the state folder back. */
  stop(): Promise<void>
}

/**
 * Brings up chain, contracts, web app and gateway, each step told; the state of the last time comes back.
 * @throws {ChoreError} With what to do: already running, a port taken, a folder that is not whole, a part that does not start.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const files = stateFiles(options.folder)
  await mkdir(files.logs, { recursive: true })
  const giveBack = takeLock(files.lock, options.publicOrigin)
  const started: { stop(): Promise<unknown> }[] = [{ stop: async () => giveBack() }]
  const stop = async (): Promise<void> => {
    while (started.length > 0) await started.pop()?.stop()
  }
  try {
    await refuseTakenPort(options.gatewayPort, 'GATEWAY_PORT', 'the portals')
    await refuseTakenPort(options.devnetPort, 'DEVNET_PORT', 'the local chain')
    const isSetUp = await checkState(files)
    const webDist = await step('web app', '10 s when it changed', buildWeb)
    const binary = await step('starknet-devnet', 'at once; about 15 min when it has to be built, once', ensureDevnet)
    const chain = await step('chain', isSetUp ? 'a few seconds, more with a long history' : '2 s', async (told) =>
      startLocalChain({ binary, port: options.devnetPort, folder: files.chain, logPath: await freshLog(files, 'chain'), told }),
    )
    started.push(chain)
    const { deployment, accounts } = await step('contracts', isSetUp ? 'at once' : '3 s', () =>
      isSetUp ? knownDeployment(files, chain) : setUp(files, chain),
    )
    const gateway = await step('gateway', '5 to 10 s', async () =>
      startGateway({
        ...options,
        port: options.gatewayPort,
        files,
        webDist,
        logPath: await freshLog(files, 'gateway'),
        env: options.gatewayEnv ?? {},
      }),
    )
    started.push(gateway)
    const failed = Promise.race([endOf(chain.process), endOf(gateway), chain.failed])
    failed.catch(() => undefined)
    return { origin: options.publicOrigin, deployment, accounts, chain, gateway, files, failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function refuseTakenPort(port: number, variable: string, what: string): Promise<void> {
  if (!(await isPortTaken(port))) return
  throw new ChoreError(
    'start/port-taken',
    `Port ${port}, for ${what}, is taken by another program.`,
    `End that program, or choose another port: ${variable}=${port + 1} npm start`,
  )
}

/** First start: deploys the contracts, writes the files, and marks the folder as set up, in an order that can be interrupted anywhere. */
async function setUp(files: StateFiles, chain: LocalChain): Promise<{ deployment: Deployment; accounts: LocalAccountWithKey[] }> {
  const local = await deployLocal(chain.rpcUrl)
  const deployment = { ...local.deployment, startBlock: 0 }
  await writeStateFiles(files, deployment, local.accounts)
  await writeJson(files.state, await currentMark())
  return { deployment, accounts: local.accounts }
}

/** Later starts: what was deployed, at the address that the chain has this time. */
async function knownDeployment(files: StateFiles, chain: LocalChain): Promise<{ deployment: Deployment; accounts: LocalAccountWithKey[] }> {
  const accounts = await readLocalAccounts(chain.rpcUrl)
  const saved = deploymentSchema.parse(JSON.parse(await readFile(files.deployment, 'utf8')))
  const deployment = { ...saved, rpcUrl: chain.rpcUrl, wsUrl: chain.wsUrl }
  await writeStateFiles(files, deployment, accounts)
  return { deployment, accounts }
}

/** Path of a new log; the one of the last run is kept beside it. */
async function freshLog(files: StateFiles, name: string): Promise<string> {
  const path = join(files.logs, `${name}.log`)
  if (existsSync(path)) await rename(path, `${path}.previous`)
  return path
}

async function endOf(child: Child): Promise<never> {
  const code = await child.ended
  const log = child.logPath === undefined ? '' : `\n${await logTail(child.logPath)}\n`
  throw new ChoreError(
    'start/part-ended',
    `The ${child.name} ended by itself (code ${code}).${log}`,
    `Its whole log is ${child.logPath}. Start again with \`npm start\`.`,
  )
}
