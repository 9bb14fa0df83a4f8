import { ChoreError } from '../choreError.ts'
import type { Tally } from '../testing/tally.ts'
import { checks } from './checks.ts'

/** Runs every check, also after one has failed, and prints each fault with what to do. */
export async function runChecks(print: (line: string) => void): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 }
  for (const check of checks) {
    const startedMs = performance.now()
    const fault = await faultOf(() => check.run())
    print(
      `  ${fault === undefined ? '✓' : '✗'} ${check.name}, ${((performance.now() - startedMs) / 1_000).toFixed(1)} s (usually ${check.usually})`,
    )
    if (fault === undefined) tally.passed++
    else tally.failed++
    for (const line of fault?.message.split('\n') ?? []) print(line)
  }
  return tally
}

async function faultOf(run: () => Promise<void>): Promise<ChoreError | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    if (error instanceof ChoreError) return error
    throw error
  }
}
