import { existsSync } from 'node:fs'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { isPortTaken } from '../processes/ports.ts'
import { readSettings } from '../stack/settings.ts'
import { stateFiles } from '../stack/stateFiles.ts'
import { lockHolder } from '../stack/stateLock.ts'
import { DEVNET_VERSION } from '../toolchain/devnetVersion.ts'
import { findCCompiler } from '../toolchain/ensureCCompiler.ts'
import { findChromium } from '../toolchain/ensureChromium.ts'
import { findDevnet } from '../toolchain/ensureDevnet.ts'
import { findLibclang } from '../toolchain/ensureLibclang.ts'
import { findNode } from '../toolchain/ensureNode.ts'
import { findPostgres } from '../toolchain/ensurePostgres.ts'
import { findPip } from '../toolchain/ensurePython.ts'
import { canInstallRust, findRust, RUST_VERSION, WASM_TARGET } from '../toolchain/ensureRust.ts'
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
    name: `Rust ${RUST_VERSION}`,
    for: 'test, node:build, and building starknet-devnet where its release cannot be reached',
    isNeeded: false,
    install: 'by itself where rustup is; else install rustup (rustup.rs)',
    find: async () => (await findRust())?.version,
  },
  {
    name: `Rust target ${WASM_TARGET.split('-')[0]}`,
    for: 'test',
    isNeeded: false,
    install: `by itself where rustup is (\`rustup target add --toolchain ${RUST_VERSION} ${WASM_TARGET}\`)`,
    find: async () => ((await findRust([WASM_TARGET])) === undefined ? undefined : WASM_TARGET),
  },
  {
    name: 'rustup',
    for: 'installing the two above',
    isNeeded: false,
    install: 'see rustup.rs',
    find: async () => ((await canInstallRust([WASM_TARGET])) ? 'found, or not needed because both are installed' : undefined),
  },
  {
    name: 'C compiler',
    for: 'test, node:build: Rust links with it',
    isNeeded: false,
    install: 'apt-get install build-essential (by itself when root on Debian)',
    find: async () => findCCompiler(),
  },
  {
    name: 'pip',
    for: 'test, contracts:build, contracts:check',
    isNeeded: false,
    install: 'apt-get install python3-pip (by itself when root on Debian)',
    find: findPip,
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
