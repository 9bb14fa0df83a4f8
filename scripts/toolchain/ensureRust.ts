import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import type { Progress } from '../progress.ts'
import { type CommandEnd, runCommand } from '../runCommand.ts'
import { ensureCCompiler } from './ensureCCompiler.ts'
import { findOnPath } from './findOnPath.ts'

/** The target that the private context's app is compiled for. */
export const WASM_TARGET = 'wasm32-unknown-unknown'

/** The Rust version that the project is built with: the channel in `calimero-app/logic/rust-toolchain.toml`. */
export const RUST_VERSION = readRustVersion()

/** A Rust toolchain that was found. */
export interface FoundRust {
  /** Must be added to the environment of `cargo` and `rustc`, so that they run with this toolchain in any folder. */
  env: Record<string, string>
  /** First line of `cargo --version`. */
  version: string
}

/** Decides where Rust is looked for. Tests set it; everybody else takes it from the environment. */
export interface RustPlaces {
  path: string
  /** Folder with cargo's own programs; rustup installs into its `bin`. */
  cargoHome: string
}

const INSTALL_RUST = `Install rustup (see rustup.rs), which brings cargo, and try again; Rust ${RUST_VERSION} and its targets are then installed for you.`

/** Returns the places that the environment names. */
export function rustPlaces(): RustPlaces {
  return { path: process.env['PATH'] ?? '', cargoHome: process.env['CARGO_HOME'] || join(homedir(), '.cargo') }
}

/**
 * Finds Rust of the project's version with these targets, without installing anything.
 * @param targets - Names as rustup has them, besides the machine's own.
 * @returns Undefined when the toolchain or a target is missing.
 */
export async function findRust(targets: readonly string[] = [], places = rustPlaces()): Promise<FoundRust | undefined> {
  for (const env of environmentsOf(places)) {
    const found = await rustIn(env, targets)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Finds Rust of the project's version with these targets. What is missing is installed with rustup, about a minute.
 * rustup may be set not to install by itself (`RUSTUP_AUTO_INSTALL=0`), so `rust-toolchain.toml` alone is not enough.
 * @throws {ChoreError} `toolchain/no-cargo` without rustup, `toolchain/rust` when rustup failed,
 * `toolchain/c-compiler` without a linker.
 */
export async function ensureRust(targets: readonly string[], told: Progress, places = rustPlaces()): Promise<FoundRust> {
  const found = (await findRust(targets, places)) ?? (await installRust(targets, told, places))
  await ensureCCompiler(told, places.path)
  return found
}

/** Whether Rust with these targets is here, or rustup is, which can install it. */
export async function canInstallRust(targets: readonly string[] = [], places = rustPlaces()): Promise<boolean> {
  const hasRustup = environmentsOf(places).some(({ PATH }) => findOnPath(['rustup'], PATH) !== undefined)
  return hasRustup || (await findRust(targets, places)) !== undefined
}

async function installRust(targets: readonly string[], told: Progress, places: RustPlaces): Promise<FoundRust> {
  const [env] = environmentsOf(places).filter(({ PATH }) => findOnPath(['rustup'], PATH) !== undefined)
  if (env === undefined) throw noRustup(targets, places)
  if ((await rustIn(env, [])) === undefined) {
    told.note(`installing Rust ${RUST_VERSION} with rustup (about 250 MB, usually 1 min)`)
    await rustup(['toolchain', 'install', RUST_VERSION, '--profile', 'minimal', '--no-self-update'], env, told)
  }
  for (const target of targets) {
    if ((await rustIn(env, [target])) !== undefined) continue
    told.note(`installing the Rust target ${target} with rustup (usually 5 s)`)
    await rustup(['target', 'add', '--toolchain', RUST_VERSION, target], env, told)
  }
  const installed = await rustIn(env, targets)
  if (installed !== undefined) return installed
  throw new ChoreError(
    'toolchain/rust',
    `rustup reported success, but Rust ${RUST_VERSION} with ${['cargo', ...targets].join(', ')} is still not found.`,
    `Run \`rustup toolchain uninstall ${RUST_VERSION}\` and try again.`,
  )
}

function noRustup(targets: readonly string[], { path }: RustPlaces): ChoreError {
  const other = findOnPath(['cargo'], path)
  const what =
    other === undefined
      ? `Rust ${RUST_VERSION} is needed, and neither rustup nor cargo is here.`
      : `${[`Rust ${RUST_VERSION}`, ...targets].join(' with ')} is needed, which ${other} does not offer, and there is no rustup to install it.`
  return new ChoreError('toolchain/no-cargo', what, INSTALL_RUST)
}

async function rustup(args: readonly string[], env: Record<string, string>, told: Progress): Promise<void> {
  const { code, tail } = await runCommand('rustup', args, { env, onLine: (line) => told.update(line.trim().slice(0, 80)) })
  if (code === 0) return
  throw new ChoreError(
    'toolchain/rust',
    `\`rustup ${args.join(' ')}\` failed:\n${tail}\n`,
    'The lines above give the reason; without a network, run that command once where there is one.',
  )
}

/** Returns what `cargo` needs to run, in the order tried: rustup's own settings, then the folder that rustup is installed in. */
function environmentsOf({ path, cargoHome }: RustPlaces): Record<string, string>[] {
  // A shell that was open when rustup was installed does not have its folder in PATH yet.
  const searched = [path, join(cargoHome, 'bin')].filter((part) => part !== '').join(delimiter)
  // rustup is kept from installing by itself: a look must change nothing, and an installation shows its progress.
  const base = { PATH: searched, RUSTUP_TOOLCHAIN: RUST_VERSION, RUSTUP_AUTO_INSTALL: '0' }
  const program = findOnPath(['rustup', 'cargo'], searched)
  // A rustup installation belongs to the home that made it: under another HOME its programs find no toolchain.
  const home = program === undefined ? undefined : join(dirname(realpathSync(program)), '..', '..', '.rustup')
  const isElsewhere = home !== undefined && existsSync(home) && process.env['RUSTUP_HOME'] === undefined
  return isElsewhere ? [base, { ...base, RUSTUP_HOME: home }] : [base]
}

async function rustIn(env: Record<string, string>, targets: readonly string[]): Promise<FoundRust | undefined> {
  const [cargo, rustc] = await Promise.all([runCommand('cargo', ['--version'], { env }), runCommand('rustc', ['--version'], { env })])
  if (cargo.code !== 0 || versionOf(rustc) !== RUST_VERSION) return undefined
  for (const target of targets) {
    const library = await runCommand('rustc', ['--print', 'target-libdir', '--target', target], { env })
    if (library.code !== 0 || !existsSync(library.output.trim())) return undefined
  }
  return { env, version: cargo.output.split('\n')[0] ?? '' }
}

function versionOf({ code, output }: CommandEnd): string | undefined {
  return code === 0 ? /^rustc (\d+\.\d+\.\d+)/m.exec(output)?.[1] : undefined
}

function readRustVersion(): string {
  const file = inProject('calimero-app', 'logic', 'rust-toolchain.toml')
  const version = /^channel = "([^"]+)"$/m.exec(readFileSync(file, 'utf8'))?.[1]
  if (version !== undefined) return version
  throw new ChoreError('toolchain/rust', `${file} names no channel.`, 'Restore it from git.')
}
