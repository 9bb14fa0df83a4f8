import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { runCommand } from '../runCommand.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'

/** Finds Python 3 with pip; returns what `pip --version` says. */
export async function findPip(): Promise<string | undefined> {
  const { code, output } = await runCommand('python3', ['-m', 'pip', '--version'], { timeoutMs: 20_000 })
  return code === 0 ? output.split('\n')[0] : undefined
}

/**
 * Makes sure that Python 3 with pip is here; installs Debian's when that can be done without asking.
 * @throws {ChoreError} `toolchain/pip` with how to get it.
 */
export async function ensurePip(told: Progress): Promise<void> {
  if ((await findPip()) !== undefined) return
  const hint = 'Install Python 3 with pip (Debian: apt-get install python3-pip), then try again.'
  if (!canAptInstall()) throw new ChoreError('toolchain/pip', 'Python 3 with pip is needed and is not here.', hint)
  const fault = await aptInstall(['python3', 'python3-pip'], told)
  if ((await findPip()) === undefined) throw new ChoreError('toolchain/pip', `apt could not install python3-pip:\n${fault ?? ''}`, hint)
}
