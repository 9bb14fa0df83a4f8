import { ChoreError } from '../choreError.ts'
import { inLanes } from '../inLanes.ts'
import type { Print, Suite } from './suites.ts'
import { addTallies, type Tally } from './tally.ts'

/** How a suite went. */
export interface SuiteOutcome extends Tally {
  name: string
  tookS: number
}

/** So many suites run at a time: most of a suite is waiting, and some have two workers; with three at a time two cores fall behind. */
const LANES = 2

/** Runs suites, also after one has failed, in the order given. With several suites each line says whose it is. */
export async function runSuites(suites: readonly Suite[], args: readonly string[]): Promise<SuiteOutcome[]> {
  const isOne = suites.length === 1
  const run = (suite: Suite): Promise<SuiteOutcome> => runSuite(suite, args, isOne ? console.log : labelled(suite.name))
  return await inLanes(LANES, suites, run)
}

/** The table at the end, what failed in it, and the line that counts. */
export function summary(outcomes: readonly SuiteOutcome[]): string {
  const rows = outcomes.map(({ name, passed, failed, tookS }) => {
    const numbers = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${tookS.toFixed(0).padStart(5)} s`
    return `${failed === 0 ? '✓' : '✗'} ${name.padEnd(18)} ${numbers}`
  })
  const faults = outcomes.flatMap(({ name, faults = [] }) => faults.map((fault) => `✗ ${name}: ${fault}`))
  const { passed, failed } = addTallies(outcomes)
  return ['', ...rows, '', ...(faults.length === 0 ? [] : [...faults, '']), `${passed} passed, ${failed} failed`].join('\n')
}

async function runSuite(suite: Suite, args: readonly string[], print: Print): Promise<SuiteOutcome> {
  const startedMs = performance.now()
  print(`── ${suite.about}`)
  const tally = await suite.run(args, print).catch((error: unknown): Tally => {
    if (error instanceof ChoreError) print(`error: ${error.message}`)
    else console.error(error)
    return { passed: 0, failed: 1, faults: [error instanceof Error ? error.message : String(error)] }
  })
  const tookS = (performance.now() - startedMs) / 1_000
  print(`── ${tally.passed} passed and ${tally.failed} failed in ${tookS.toFixed(0)} s`)
  return { ...tally, name: suite.name, tookS }
}

function labelled(name: string): Print {
  return (line) => console.log(`${name.padEnd(16)} │ ${line}`)
}
