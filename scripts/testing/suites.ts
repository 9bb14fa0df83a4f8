import { runChecks } from '../check/runChecks.ts'
import { inProject } from '../paths.ts'
import { startPostgres } from '../postgres/startPostgres.ts'
import { step } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { ensureChromium } from '../toolchain/ensureChromium.ts'
import { ensurePostgres } from '../toolchain/ensurePostgres.ts'
import { buildWeb } from '../web/buildWeb.ts'
import { runVitest } from './runVitest.ts'
import type { Tally } from './tally.ts'

/** A part of `npm test` that can be run alone: `npm test -- NAME`. */
export interface Suite {
  name: string
  about: string
  /** @param args - Handed on to vitest where the suite is one. */
  run(args: readonly string[]): Promise<Tally>
}

/** Everything `npm test` runs, in this order; the first one beside the others, because it takes long on one core. */
export const suites: readonly Suite[] = [
  { name: 'contracts-check', about: 'the committed contracts are exactly what the sources give', run: contractsCheck },
  { name: 'check', about: 'types, lint, rooms, generated files', run: () => runChecks() },
  { name: 'unit', about: 'each room by itself', run: (args) => runVitest({ project: 'unit', oneFileAtATime: false, env: {}, args }) },
  {
    name: 'chain',
    about: 'the contracts on a real node',
    run: (args) => runVitest({ project: 'chain', oneFileAtATime: false, env: {}, args }),
  },
  { name: 'gateway', about: 'the gateway on its embedded database', run: (args) => alone('gateway', { TEST_DATABASE_URL: '' }, args) },
  { name: 'gateway-postgres', about: 'the gateway on a Postgres server', run: gatewayOnPostgres },
  { name: 'faults', about: 'kills, refusals, a chain that goes away', run: (args) => alone('faults', {}, args) },
  { name: 'e2e', about: 'the three portals in a real browser', run: endToEnd },
]

function alone(project: string, env: Record<string, string>, args: readonly string[]): Promise<Tally> {
  return runVitest({ project, oneFileAtATime: true, env, args })
}

async function contractsCheck(): Promise<Tally> {
  const lines: string[] = []
  const { code } = await runCommand(process.execPath, [inProject('scripts', 'contracts-check.ts')], {
    env: { MEDSYNC_BUILD_LANES: '1' },
    onLine: (line) => lines.push(line),
  })
  console.log(`── contracts-check\n${lines.join('\n')}`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function gatewayOnPostgres(args: readonly string[]): Promise<Tally> {
  const binaries = await step('Postgres', 'at once; 1 min when it has to be installed', ensurePostgres)
  const postgres = await startPostgres(binaries)
  try {
    return await alone('gateway', { TEST_DATABASE_URL: postgres.url }, args)
  } finally {
    await postgres.stop()
  }
}

async function endToEnd(args: readonly string[]): Promise<Tally> {
  const chromium = await step('Chromium', 'at once; 1 min when it has to be installed', ensureChromium)
  const webDist = await step('web app', '10 s when it changed', buildWeb)
  return await alone('e2e', { CHROMIUM: chromium, WEB_DIST: webDist }, args)
}
