import { ChoreError } from '../choreError.ts'
import type { Suite } from './suites.ts'
import { addTallies, type Tally } from './tally.ts'

/** How a suite went. */
export interface SuiteOutcome extends Tally {
  name: string
  tookS: number
}

/**
 * Runs suites one after the other, also after one has failed; one that keeps a single core busy runs beside the others.
 * @param beside - Name of that one.
 */
export async function runSuites(suites: readonly Suite[], beside: string, args: readonly string[]): Promise<SuiteOutcome[]> {
  const besides = suites.filter(({ name }) => name === beside).map((suite) => runSuite(suite, args))
  const outcomes: SuiteOutcome[] = []
  for (const suite of suites.filter(({ name }) => name !== beside)) {
    console.log(`\n── ${suite.name}: ${suite.about}`)
    outcomes.push(await runSuite(suite, args))
  }
  return [...outcomes, ...(await Promise.all(besides))]
}

/** The table at the end, and the line that counts. */
export function summary(outcomes: readonly SuiteOutcome[]): string {
  const rows = outcomes.map(
    ({ name, passed, failed, tookS }) =>
      `${failed === 0 ? '✓' : '✗'} ${name.padEnd(18)} ${`${passed}`.padStart(5)} passed ${`${failed}`.padStart(4)} failed  ${tookS.toFixed(0).padStart(4)} s`,
  )
  const { passed, failed } = addTallies(outcomes)
  return `\n${rows.join('\n')}\n\n${passed} passed, ${failed} failed`
}

async function runSuite(suite: Suite, args: readonly string[]): Promise<SuiteOutcome> {
  const startedMs = performance.now()
  const tally = await suite.run(args).catch((error: unknown): Tally => {
    console.error(error instanceof ChoreError ? `error: ${error.message}` : error)
    return { passed: 0, failed: 1 }
  })
  return { ...tally, name: suite.name, tookS: (performance.now() - startedMs) / 1000 }
}
