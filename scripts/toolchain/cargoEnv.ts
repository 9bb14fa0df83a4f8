import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from '../runCommand.ts'
import { findOnPath } from './findOnPath.ts'

/**
 * What cargo needs in its environment to run here; undefined when there is no cargo that runs.
 * A rustup installation belongs to the home that made it: under another HOME its programs find no toolchain unless they are told where.
 * @param path - PATH to look on.
 */
export async function cargoEnv(path = process.env['PATH'] ?? ''): Promise<Record<string, string> | undefined> {
  const cargo = findOnPath(['cargo'], path)
  if (cargo === undefined) return undefined
  const rustupHome = join(dirname(realpathSync(cargo)), '..', '..', '.rustup')
  for (const env of [{}, { RUSTUP_HOME: rustupHome }]) {
    if ((await runCommand(cargo, ['--version'], { env })).code === 0) return env
  }
  return undefined
}
