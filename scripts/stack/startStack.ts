import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Deployment, deploymentSchema } from '@medsync/chain'
import { ChoreError } from '../choreError.ts'
import { admitLocal } from '../deploy/admitLocal.ts'
import { deployLocal, governanceOf } from '../deploy/deployLocal.ts'
import { type LocalPeople, localPeople, readAddedHospitals } from '../local/addedHospitals.ts'
import { type LocalAccountWithKey, type LocalOrganisation, readLocalAccounts } from '../local/localAccounts.ts'
import { type LocalChain, startLocalChain } from '../localChain/startLocalChain.ts'
import { isPortTaken } from '../processes/ports.ts'
import type { Child } from '../processes/startChild.ts'
import { step } from '../progress.ts'
import { ensureDevnet } from '../toolchain/ensureDevnet.ts'
import { ensureNode } from '../toolchain/ensureNode.ts'
import { buildWeb } from '../web/buildWeb.ts'
import { checkState, currentMark } from './checkState.ts'
import { endOf } from './endOf.ts'
import { type LocalCircle, startCircle } from './startCircle.ts'
import { startGateway } from './startGateway.ts'
import { type StateFiles, stateFiles } from './stateFiles.ts'
import { takeLock } from './stateLock.ts'
import { type LocalNetwork, writeJson, writeStateFiles } from './writeStateFiles.ts'

/** As in .env.defaults. */
const NODES_PORT = 5200

/** Where the whole of MedSync runs on this machine. */
export interface StackOptions {
  /** State folder; made when it is not there. */
  folder: string
  host: string
  gatewayPort: number
  devnetPort: number
  /** Address that people use; sign-ins are bound to it. */
  publicOrigin: string
  /** What runs the private context; as the last time when not given, embedded at first. */
  context?: 'embedded' | 'calimero'
  /** First of the nodes' ports, two for each hospital. */
  nodesPort?: number
  /** More for the gateway's environment. */
  gatewayEnv?: Record<string, string>
}

/** All of MedSync, running on this machine. */
export interface Stack {
  /** Where the portals and the API are. */
  origin: string
  deployment: Deployment
  accounts: readonly LocalAccountWithKey[]
  organisations: readonly LocalOrganisation[]
  context: 'embedded' | 'calimero'
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
    const people = localPeople(await readAddedHospitals(files.organisations))
    const { deployment, accounts, organisations } = await step('contracts', isSetUp ? 'at once' : '3 s', () =>
      isSetUp ? knownDeployment(files, chain, people) : setUp(files, chain, people),
    )
    const context = options.context ?? (existsSync(files.nodes) ? 'calimero' : 'embedded')
    const circle = context === 'calimero' ? await startNodes(options, files, organisations) : undefined
    if (circle !== undefined) started.push(circle)
    const gateway = await step('gateway', '5 to 10 s', async () =>
      startGateway({
        ...options,
        port: options.gatewayPort,
        files,
        webDist,
        logPath: await freshLog(files, 'gateway'),
        env: { CONTEXT_ENGINE: context, CONTEXT_FILE: files.contextNodes, ...options.gatewayEnv },
      }),
    )
    started.push(gateway)
    const parts = [endOf(chain.process), endOf(gateway), chain.failed]
    const failed = Promise.race(circle === undefined ? parts : [...parts, circle.failed])
    failed.catch(() => undefined)
    return { origin: options.publicOrigin, deployment, accounts, organisations, context, chain, gateway, files, failed, stop }
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
async function setUp(files: StateFiles, chain: LocalChain, people: LocalPeople): Promise<LocalNetwork> {
  const local = await deployLocal(chain.rpcUrl, { people })
  const network = { ...local, organisations: people.organisations, deployment: { ...local.deployment, startBlock: 0 } }
  await writeStateFiles(files, network)
  await writeJson(files.state, await currentMark())
  return network
}

/** Later starts: what was deployed, at the address that the chain has this time; hospitals added since then are admitted. */
async function knownDeployment(files: StateFiles, chain: LocalChain, { organisations, more }: LocalPeople): Promise<LocalNetwork> {
  const accounts = await readLocalAccounts(chain.rpcUrl, more)
  const saved = deploymentSchema.parse(JSON.parse(await readFile(files.deployment, 'utf8')))
  const deployment = { ...saved, rpcUrl: chain.rpcUrl, wsUrl: chain.wsUrl }
  if (more.length > 0) await admitLocal(governanceOf(chain.rpcUrl, accounts), deployment.contracts.participants, accounts, organisations)
  const network = { deployment, accounts, organisations }
  await writeStateFiles(files, network)
  return network
}

/** The hospitals' Calimero nodes, in one circle. */
async function startNodes(
  { nodesPort = NODES_PORT }: StackOptions,
  files: StateFiles,
  organisations: readonly LocalOrganisation[],
): Promise<LocalCircle> {
  const hospitals = organisations.filter(({ role }) => role === 'hospital').map(({ slug }) => slug)
  const binary = await step('calimero-node', 'at once; about 30 min when it has to be built, once', ensureNode)
  const usually = existsSync(files.circle) ? '2 s' : '10 s, a few for each hospital'
  return await step('nodes', usually, (told) =>
    startCircle({ files, binary, hospitals, firstPort: nodesPort, logPathOf: (name) => freshLog(files, name), told }),
  )
}

/** Path of a new log; the one of the last run is kept beside it. */
async function freshLog(files: StateFiles, name: string): Promise<string> {
  const path = join(files.logs, `${name}.log`)
  if (existsSync(path)) await rename(path, `${path}.previous`)
  return path
}
