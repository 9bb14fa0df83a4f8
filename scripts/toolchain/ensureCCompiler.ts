import { ChoreError } from '../choreError.ts'
import type { Progress } from '../progress.ts'
import { aptInstall, canAptInstall } from './aptInstall.ts'
import { findOnPath } from './findOnPath.ts'

/** Finds the C compiler, which Rust also links with. */
export function findCCompiler(path = process.env['PATH']): string | undefined {
  return findOnPath(['cc', 'gcc', 'clang'], path)
}

/**
 * Finds a C compiler, or installs Debian's when that can be done without asking.
 * @throws {ChoreError} `toolchain/c-compiler` with how to get one.
 */
export async function ensureCCompiler(told: Progress, path = process.env['PATH']): Promise<string> {
  const found = findCCompiler(path)
  if (found !== undefined) return found
  const hint = 'Install a C compiler (Debian: apt-get install build-essential; macOS: xcode-select --install), then try again.'
  if (!canAptInstall()) throw new ChoreError('toolchain/c-compiler', 'Rust programs are linked with a C compiler and there is none.', hint)
  const fault = await aptInstall(['build-essential', 'pkg-config'], told)
  const installed = findCCompiler(path)
  if (installed === undefined) throw new ChoreError('toolchain/c-compiler', `apt could not install build-essential:\n${fault ?? ''}`, hint)
  return installed
}
