import { testApp } from '../app/testApp.ts'
import { inProject } from '../paths.ts'
import { runCommand } from '../runCommand.ts'
import type { Print } from './suites.ts'
import { addTallies, type Tally } from './tally.ts'

/**
 * The private context's app: its own tests, and whether the committed WebAssembly, ABI and bundle are what its sources give.
 * @param args - Parts of the names of tests: then only these are run.
 */
export async function appSuite(args: readonly string[], print: Print): Promise<Tally> {
  const tested = await testApp(args, print)
  if (args.length > 0) return tested
  const checked = await checkBuild(print)
  return { ...addTallies([tested, checked]), faults: [tested, checked].flatMap(({ faults = [] }) => faults) }
}

async function checkBuild(print: Print): Promise<Tally> {
  const { code } = await runCommand(process.execPath, [inProject('calimero-app', 'build.ts'), '--check'], { onLine: print })
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, faults: ['calimero-app/res is not what the sources give'] }
}
