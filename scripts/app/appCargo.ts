import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { step } from '../progress.ts'
import { type CommandEnd, type CommandOptions, runCommand } from '../runCommand.ts'
import { ensureRust, WASM_TARGET } from '../toolchain/ensureRust.ts'

/** Where the sources of the private context's app are. */
export const APP_LOGIC = inProject('calimero-app', 'logic')

/**
 * Returns how a program of the Rust toolchain is run on the app. Compiler and target are installed when they are missing.
 * @throws {ChoreError} As `ensureRust`.
 */
export async function appCargoOptions(): Promise<CommandOptions> {
  const rust = await step('Rust', 'at once; 1 min when it has to be installed', (progress) => ensureRust([WASM_TARGET], progress))
  return { cwd: APP_LOGIC, env: { ...rust.env, CARGO_TERM_COLOR: 'never' } }
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
