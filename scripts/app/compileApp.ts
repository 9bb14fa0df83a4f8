import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ChoreError } from '../choreError.ts'
import { inProject } from '../paths.ts'
import { progress } from '../progress.ts'
import { type CommandOptions, runCommand } from '../runCommand.ts'
import { cargoEnv } from '../toolchain/cargoEnv.ts'

const LOGIC = inProject('calimero-app', 'logic')
const TARGET = 'wasm32-unknown-unknown'

/** What cargo makes of the private context's app. */
export interface CompiledApp {
  wasm: Buffer
  abi: Buffer
}

/**
 * Compiles the private context's app; on every machine to the same bytes.
 * @param features - `hostile` is for tests of what peers refuse.
 * @throws {ChoreError} There is no cargo, or it failed: with its last lines.
 */
export async function compileApp(features: readonly 'hostile'[] = []): Promise<CompiledApp> {
  const options = await cargoOptions()
  const step = progress('compile the app to WebAssembly', '20 s; 2 min the first time')
  const onLine = (line: string): void => {
    if (!line.startsWith('{')) step.update(line.trim().slice(0, 60))
  }
  try {
    let app = await build({ ...options, onLine }, features)
    // Both kinds are written to the same file of the target folder, so that they share all that is compiled for them: another
    // process may have built the other kind before this one has read its own.
    while (isHostile(app) !== features.includes('hostile')) app = await build({ ...options, onLine }, features)
    step.done()
    return app
  } catch (error) {
    step.failed()
    throw error
  }
}

/**
 * Runs the app's own tests, those of the hostile build with them.
 * @returns What cargo printed.
 */
export async function testApp(onLine: (line: string) => void): Promise<string> {
  return await cargo(['test', '--locked', '--features', 'hostile'], { ...(await cargoOptions()), onLine })
}

async function cargoOptions(): Promise<CommandOptions> {
  const env = await cargoEnv()
  if (env !== undefined) return { cwd: LOGIC, env: { ...env, CARGO_TERM_COLOR: 'never' } }
  throw new ChoreError(
    'context/no-cargo',
    'There is no cargo to build the private context’s app with.',
    'Install Rust with rustup; the rest comes by itself.',
  )
}

async function build(options: CommandOptions, features: readonly string[]): Promise<CompiledApp> {
  // The folder's rust-toolchain.toml names compiler and target; rustup installs what is missing when cargo first runs there.
  await cargo(['fetch', '--locked', '--target', TARGET], options)
  const flags = await withoutOurPaths(await rustc(options))
  return await made(
    await cargo(['build', '--locked', '--release', '--target', TARGET, '--message-format', 'json', '--features', features.join(',')], {
      ...options,
      env: { ...options.env, CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
    }),
  )
}

function isHostile({ wasm }: CompiledApp): boolean {
  return WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(wasm))).some(({ name }) => name.startsWith('forge_'))
}

async function cargo(args: string[], options: CommandOptions): Promise<string> {
  // Nice: a build must not make a person's machine, or a test beside it, wait.
  const { code, output, tail } = await runCommand('nice', ['-n', '19', 'cargo', ...args], options)
  if (code === 0) return output
  throw new ChoreError(
    'context/cargo',
    `cargo ${args[0]} failed:\n${tail}\n`,
    'The lines above say why; without network it needs what an earlier run fetched.',
  )
}

async function rustc(options: CommandOptions): Promise<{ sysroot: string; commit: string }> {
  const sysroot = await runCommand('rustc', ['--print', 'sysroot'], options)
  const version = await runCommand('rustc', ['-vV'], options)
  const commit = /^commit-hash: (\w+)$/m.exec(version.output)?.[1]
  if (sysroot.code !== 0 || commit === undefined)
    throw new ChoreError(
      'context/rustc',
      `rustc does not say who it is: ${version.tail}`,
      'Reinstall the toolchain that calimero-app/logic/rust-toolchain.toml names.',
    )
  return { sysroot: sysroot.output.trim(), commit }
}

/** Flags by which no folder of this machine gets into the WebAssembly: panics name their source file. */
async function withoutOurPaths({ sysroot, commit }: { sysroot: string; commit: string }): Promise<string[]> {
  const sources = join(resolve(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo')), 'registry', 'src')
  const registries = (await readdir(sources)).map((registry) => join(sources, registry))
  const renamed = [
    ...registries.map((path) => [path, '/crates']),
    [join(sysroot, 'lib', 'rustlib', 'src', 'rust'), `/rustc/${commit}`],
    [LOGIC, '/medsync'],
  ]
  return renamed.map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
}

const messageSchema = z.object({ package_id: z.string(), filenames: z.array(z.string()).optional(), out_dir: z.string().optional() })

/** What cargo says that it made. */
async function made(output: string): Promise<CompiledApp> {
  let wasm: string | undefined
  let abi: string | undefined
  for (const line of output.split('\n').filter((each) => each.startsWith('{'))) {
    const message = messageSchema.safeParse(JSON.parse(line)).data
    if (message === undefined || !/[/#]medsync[#@]|logic#/.test(message.package_id)) continue
    wasm = message.filenames?.find((file) => file.endsWith('.wasm')) ?? wasm
    if (message.out_dir !== undefined) abi = join(message.out_dir, 'abi.json')
  }
  if (wasm === undefined || abi === undefined)
    throw new ChoreError('context/cargo', 'cargo did not say what it made.', 'Remove calimero-app/logic/target and try again.')
  return { wasm: await readFile(wasm), abi: await readFile(abi) }
}
