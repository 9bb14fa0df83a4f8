import { existsSync } from 'node:fs'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { isPortTaken } from '../processes/ports.ts'
import { runCommand } from '../runCommand.ts'
import { readSettings } from '../stack/settings.ts'
import { stateFiles } from '../stack/stateFiles.ts'
import { lockHolder } from '../stack/stateLock.ts'
import { cargoEnv } from '../toolchain/cargoEnv.ts'
import { DEVNET_VERSION } from '../toolchain/devnetVersion.ts'
import { findChromium } from '../toolchain/ensureChromium.ts'
import { findDevnet } from '../toolchain/ensureDevnet.ts'
import { findLibclang } from '../toolchain/ensureLibclang.ts'
import { findNode } from '../toolchain/ensureNode.ts'
import { findPostgres } from '../toolchain/ensurePostgres.ts'
import { NODE_VERSION } from '../toolchain/nodeVersion.ts'

/** One thing that MedSync needs, or can use. */
export interface Need {
  name: string
  /** What it is for. */
  for: string
  /** Without it nothing starts; otherwise only the chore named does not. */
  isNeeded: boolean
  /** How to get it. */
  install: string
  /** What was found; undefined when nothing was. */
  find(): Promise<string | undefined>
}

/** Everything that `npm run doctor` looks at. */
export const needs: readonly Need[] = [
  { name: 'Node', for: 'everything', isNeeded: true, install: 'comes by itself into .tool', find: async () => process.version },
  {
    name: 'packages',
    for: 'everything',
    isNeeded: true,
    install: 'come by themselves into node_modules',
    find: async () => (existsSync(inProject('node_modules', '.medsync-lock-hash')) ? 'as in package-lock.json' : undefined),
  },
  {
    name: `starknet-devnet ${DEVNET_VERSION}`,
    for: 'start, test',
    isNeeded: true,
    install: 'installs itself: the official release, else cargo (about 15 min); or name one in MEDSYNC_DEVNET',
    find: async () => orFault(async () => (await findDevnet())?.path),
  },
  {
    name: `calimero-node ${NODE_VERSION}`,
    for: 'node, test:network; without one the private context runs in its embedded engine',
    isNeeded: false,
    install: 'npm run node:build (about 30 min), or name one in MEDSYNC_NODE',
    find: async () => orFault(async () => (await findNode())?.path),
  },
  {
    name: 'libclang',
    for: 'node:build',
    isNeeded: false,
    install: 'apt-get install libclang-14-dev (by itself when root on Debian), or name its folder in LIBCLANG_PATH',
    find: async () => findLibclang(),
  },
  {
    name: 'cargo',
    for: 'node:build, and building starknet-devnet where its release cannot be reached',
    isNeeded: false,
    install: 'rustup.rs',
    find: async () => {
      const env = await cargoEnv()
      return env === undefined ? undefined : await version('cargo', ['--version'], env)
    },
  },
  {
    name: 'pip',
    for: 'contracts:build, contracts:check',
    isNeeded: false,
    install: 'Python 3 with pip',
    find: () => version('python3', ['-m', 'pip', '--version']),
  },
  {
    name: 'Chromium',
    for: 'test:e2e',
    isNeeded: false,
    install: 'apt-get install chromium (by itself when root on Debian), or name one in CHROMIUM',
    find: async () => orFault(async () => findChromium()),
  },
  {
    name: 'Postgres',
    for: 'test:gateway; the product itself has a database built in',
    isNeeded: false,
    install: 'apt-get install postgresql (by itself when root on Debian)',
    find: async () => findPostgres(),
  },
  {
    name: 'portal port',
    for: 'start',
    isNeeded: true,
    install: 'end what uses it, or set GATEWAY_PORT',
    find: () => portState(readSettings().gatewayPort),
  },
  {
    name: 'chain port',
    for: 'start',
    isNeeded: true,
    install: 'end what uses it, or set DEVNET_PORT',
    find: () => portState(readSettings().devnetPort),
  },
]

async function version(program: string, args: string[] = ['--version'], env: Record<string, string> = {}): Promise<string | undefined> {
  const { code, output } = await runCommand(program, args, { env, timeoutMs: 20_000 })
  return code === 0 ? output.split('\n')[0] : undefined
}

async function portState(port: number): Promise<string | undefined> {
  const holder = lockHolder(stateFiles(readSettings().folder).lock)
  if (!(await isPortTaken(port))) return `${port} is free`
  return holder === undefined ? undefined : `${port} is used by MedSync itself (process ${holder.pid})`
}

async function orFault(find: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await find()
  } catch (error) {
    if (!(error instanceof ChoreError)) throw error
    console.log(`  ${error.message}`)
    return undefined
  }
}
