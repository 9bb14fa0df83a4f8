// npm test: everything; `npm test -- SUITE [vitest arguments]`: one suite. The last line is `N passed, N failed`.
import { ChoreError } from './choreError.ts'
import { step } from './progress.ts'
import { runChore } from './runChore.ts'
import { runSuites, summary } from './testing/runSuites.ts'
import { suites } from './testing/suites.ts'
import { ensureDevnet } from './toolchain/ensureDevnet.ts'

/** Suites that need no chain; for all others its program is found or installed before anything begins. */
const WITHOUT_NODE = new Set(['app', 'contracts-check', 'check', 'unit', 'network-short'])

await runChore(async () => {
  const [name, ...args] = process.argv.slice(2)
  const chosen =
    name === undefined
      ? suites.filter(({ isOnDemand }) => !isOnDemand)
      : suites.filter((suite) => suite.name === name || (name === 'gateway' && suite.name.startsWith('gateway')))
  if (chosen.length === 0)
    throw new ChoreError('test/no-suite', `There is no suite "${name}".`, `There are: ${suites.map((suite) => suite.name).join(', ')}.`)
  if (chosen.some(({ name }) => !WITHOUT_NODE.has(name)))
    await step('starknet-devnet', 'at once; about 15 min when it has to be built, once', ensureDevnet)
  const outcomes = await runSuites(chosen, args)
  console.log(summary(outcomes))
  const isGood = outcomes.every(({ failed }) => failed === 0) && outcomes.some(({ passed }) => passed > 0)
  return isGood ? 0 : 1
})
