import { runChecks } from '../check/runChecks.ts'
import { inProject } from '../paths.ts'
import { startPostgres } from '../postgres/startPostgres.ts'
import { step } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { ensureChromium } from '../toolchain/ensureChromium.ts'
import { findNode } from '../toolchain/ensureNode.ts'
import { ensurePostgres } from '../toolchain/ensurePostgres.ts'
import { buildWeb } from '../web/buildWeb.ts'
import { appSuite } from './appSuite.ts'
import { runVitest } from './runVitest.ts'
import type { Tally } from './tally.ts'

/** Puts one line on the screen. */
export type Print = (line: string) => void

/** A part of `npm test` that can be run alone: `npm test -- NAME`. */
export interface Suite {
  name: string
  about: string
  /** Only when it is named: it takes minutes, and a killed node of rc.4 can stall the others for good. */
  isOnDemand?: true
  /** @param args - Handed on to vitest where the suite is one. */
  run(args: readonly string[], print: Print): Promise<Tally>
}

/** Of the network's tests, those that kill no node. */
const SHORT = ['test/network/engine.test.ts', 'test/network/planted.test.ts']

/**
 * Everything `npm test` runs: first what takes seconds once it was built on this machine and minutes before, then the longest first, so that
 * no suite is left to run alone.
 */
export const suites: readonly Suite[] = [
  { name: 'app', about: 'the private context’s app, its tests and its committed build', run: appSuite },
  { name: 'contracts-check', about: 'the committed contracts are exactly what the sources give', run: contractsCheck },
  { name: 'check', about: 'types, lint, rooms, generated files', run: (_, print) => runChecks(print) },
  { name: 'gateway', about: 'the gateway on its embedded database', run: vitest('gateway', { env: { TEST_DATABASE_URL: '' } }) },
  { name: 'e2e', about: 'the three portals in a real browser', run: endToEnd },
  { name: 'gateway-postgres', about: 'the gateway on a Postgres server', run: gatewayOnPostgres },
  { name: 'chain', about: 'the contracts on a real node', run: vitest('chain', { oneFileAtATime: false }) },
  { name: 'faults', about: 'kills, refusals, a chain that goes away', run: vitest('faults', {}) },
  { name: 'unit', about: 'each room by itself', run: vitest('unit', { oneFileAtATime: false }) },
  {
    name: 'network-short',
    about: 'the private context on three real Calimero nodes: its behaviour, and what may be seen',
    run: network(SHORT),
  },
  { name: 'context', about: 'the embedded engine of the private context', run: vitest('context', { oneFileAtATime: false }) },
  { name: 'network', about: 'all of it, with kills, removals, forgeries and the whole product', isOnDemand: true, run: network([]) },
]

/** These never open a database; once is enough. */
const NO_DATABASE = [
  'test/gateway/chain-*.test.ts',
  'test/gateway/records-disclosure.test.ts',
  'test/gateway/rounds-{attacks,dropouts,false,planner,planted,privacy,ranking,restarts,statistics}.test.ts',
].flatMap((files) => ['--exclude', files])

function vitest(project: string, options: { oneFileAtATime?: boolean; env?: Record<string, string> }): Suite['run'] {
  const { oneFileAtATime = true, env = {} } = options
  return (args, print) => runVitest({ project, oneFileAtATime, env, args, print })
}

async function contractsCheck(_args: readonly string[], print: Print): Promise<Tally> {
  const chore = inProject('scripts', 'contracts-check.ts')
  const cached = process.env['CI'] === undefined ? ['--cached'] : []
  const { code } = await runCommand(process.execPath, [chore, ...cached], { env: { MEDSYNC_BUILD_LANES: '1' }, onLine: print })
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function network(files: readonly string[]): Suite['run'] {
  return async (args, print) => {
    if ((await findNode()) !== undefined) return await vitest('network', {})([...files, ...args], print)
    return withoutNode(print)
  }
}

function withoutNode(print: Print): Tally {
  print('There is no Calimero node here, so nothing of this suite is run: `npm run node:build` makes one, in about half an hour.')
  return { passed: 0, failed: 0 }
}

async function gatewayOnPostgres(args: readonly string[], print: Print): Promise<Tally> {
  const binaries = await step('Postgres', 'at once; 1 min when it has to be installed', ensurePostgres)
  const postgres = await startPostgres(binaries)
  try {
    return await vitest('gateway', { env: { TEST_DATABASE_URL: postgres.url } })([...NO_DATABASE, ...args], print)
  } finally {
    await postgres.stop()
  }
}

async function endToEnd(args: readonly string[], print: Print): Promise<Tally> {
  const chromium = await step('Chromium', 'at once; 1 min when it has to be installed', ensureChromium)
  const webDist = await step('web app', '10 s when it changed', buildWeb)
  return await vitest('e2e', { env: { CHROMIUM: chromium, WEB_DIST: webDist } })(args, print)
}
