import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { type CommandEnd, type CommandOptions, runCommand } from '../runCommand.ts'
import { cargoEnv } from '../toolchain/cargoEnv.ts'

/** Where the sources of the private context's app are. */
export const APP_LOGIC = inProject('calimero-app', 'logic')

/**
 * How a program of the Rust toolchain is run on the app. The folder's rust-toolchain.toml names compiler and target; rustup installs
 * what is missing when cargo first runs there.
 * @throws {ChoreError} `context/no-cargo`
 */
export async function appCargoOptions(): Promise<CommandOptions> {
  const env = await cargoEnv()
  if (env !== undefined) return { cwd: APP_LOGIC, env: { ...env, CARGO_TERM_COLOR: 'never' } }
  throw new ChoreError(
    'context/no-cargo',
    'There is no cargo to build the private context’s app with.',
    'Install Rust with rustup; the rest comes by itself.',
  )
}

/** Runs cargo to its end, whatever that is. Nice: a build must not make a person's machine, or a test beside it, wait. */
export async function runAppCargo(args: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  return await runCommand('nice', ['-n', '19', 'cargo', ...args], options)
}

/** What to say when cargo failed: its own last lines. */
export function cargoFailure(args: readonly string[], { tail }: CommandEnd): ChoreError {
  return new ChoreError(
    'context/cargo',
    `cargo ${args[0]} failed:\n${tail}\n`,
    'The lines above say why; without network it needs what an earlier run fetched.',
  )
}
