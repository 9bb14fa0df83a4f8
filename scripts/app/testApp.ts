import type { Tally } from '../testing/tally.ts'
import { appCargoOptions, cargoFailure, runAppCargo } from './appCargo.ts'

/**
 * Runs the Rust tests of the private context's app, those of its hostile build with them.
 * @param filter - Parts of the names of the tests to be run; none is all.
 * @throws {ChoreError} There is no cargo, or the tests do not compile.
 */
export async function testApp(filter: readonly string[], print: (line: string) => void): Promise<Tally> {
  const args = ['test', '--locked', '--lib', '--features', 'hostile', '--', ...filter]
  const end = await runAppCargo(args, { ...(await appCargoOptions()), onLine: print })
  const tally = tallyOf(end.output)
  if (tally === undefined) throw cargoFailure(args, end)
  return tally
}

/** What cargo says of its tests; undefined when it came to none. */
export function tallyOf(output: string): Tally | undefined {
  const result = /^test result: \w+\. (\d+) passed; (\d+) failed;/m.exec(output)
  if (result === null) return undefined
  const faults = [...output.matchAll(/^test (\S+) \.\.\. FAILED$/gm)].map(([, name]) => name ?? '')
  return { passed: Number(result[1]), failed: Number(result[2]), faults }
}
