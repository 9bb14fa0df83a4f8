import { ChoreError } from '../choreError.ts'
import { step } from '../progress.ts'
import type { Tally } from '../testing/tally.ts'
import { checks } from './checks.ts'

/** Runs every check, also after one has failed, and prints each fault with what to do. */
export async function runChecks(): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 }
  for (const check of checks) {
    try {
      await step(check.name, check.usually, () => check.run())
      tally.passed++
    } catch (error) {
      if (!(error instanceof ChoreError)) throw error
      console.error(`error: ${error.message}\n`)
      tally.failed++
    }
  }
  return tally
}
