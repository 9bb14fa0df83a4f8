// npm test: everything; `npm test -- SUITE [vitest arguments]`: one suite. The last line is `N passed, N failed`.
import { ChoreError } from './choreError.ts'
import { runChore } from './runChore.ts'
import { runSuites, summary } from './testing/runSuites.ts'
import { suites } from './testing/suites.ts'

await runChore(async () => {
  const [name, ...args] = process.argv.slice(2)
  const chosen =
    name === undefined ? suites : suites.filter((suite) => suite.name === name || (name === 'gateway' && suite.name.startsWith('gateway')))
  if (chosen.length === 0)
    throw new ChoreError('test/no-suite', `There is no suite "${name}".`, `There are: ${suites.map((suite) => suite.name).join(', ')}.`)
  const outcomes = await runSuites(chosen, args)
  console.log(summary(outcomes))
  const isGood = outcomes.every(({ failed }) => failed === 0) && outcomes.some(({ passed }) => passed > 0)
  return isGood ? 0 : 1
})
