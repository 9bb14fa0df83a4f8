import { constants } from 'node:os'
import { EngineError } from '@medsync/context/engine'
import { MedsyncError } from '@medsync/protocol'
import { ChoreError } from './choreError.ts'

/** How a chore wants to be run. */
export interface ChoreOptions {
  /** It ends in its own way when it is asked to; otherwise it ends at once, and with it the programs it started. */
  handlesSignals?: true
}

/**
 * Runs the body of a chore and turns its end into an exit code: 0, or 1 with what happened and what to do.
 * An error with a code is told in its own words; anything else is a bug and shows its stack.
 */
export async function runChore(chore: () => Promise<number | void>, { handlesSignals }: ChoreOptions = {}): Promise<void> {
  // Without a listener a signal ends the process before it can end what it started.
  if (handlesSignals !== true)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(128 + constants.signals[signal]))
  try {
    process.exitCode = (await chore()) ?? 0
  } catch (error) {
    process.exitCode = 1
    if (error instanceof ChoreError || error instanceof MedsyncError || error instanceof EngineError)
      console.error(`\nerror: ${error.message}\n       (${error.code})`)
    else console.error(error)
  }
}
