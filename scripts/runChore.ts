import { ChoreError } from './choreError.ts'

/**
 * Runs the body of a chore and turns its end into an exit code: 0, or 1 with what happened and what to do.
 * A `ChoreError` is told in its own words; anything else is a bug and shows its stack.
 */
export async function runChore(chore: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await chore()) ?? 0
  } catch (error) {
    process.exitCode = 1
    if (error instanceof ChoreError) console.error(`\nerror: ${error.message}\n       (${error.code})`)
    else console.error(error)
  }
}
