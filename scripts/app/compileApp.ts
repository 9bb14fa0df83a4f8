import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ChoreError } from '../choreError.ts'
import { progress } from '../progress.ts'
import { type CommandOptions, runCommand } from '../runCommand.ts'
import { WASM_TARGET } from '../toolchain/ensureRust.ts'
import { APP_LOGIC, appCargoOptions, cargoFailure, runAppCargo } from './appCargo.ts'

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
  const options = await appCargoOptions()
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

async function build(options: CommandOptions, features: readonly string[]): Promise<CompiledApp> {
  await cargo(['fetch', '--locked', '--target', WASM_TARGET], options)
  const flags = await withoutOurPaths(await rustc(options))
  return await made(
    await cargo(['build', '--locked', '--release', '--target', WASM_TARGET, '--message-format', 'json', '--features', features.join(',')], {
      ...options,
      env: { ...options.env, CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
    }),
  )
}

function isHostile({ wasm }: CompiledApp): boolean {
  return WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(wasm))).some(({ name }) => name.startsWith('forge_'))
}

async function cargo(args: string[], options: CommandOptions): Promise<string> {
  const end = await runAppCargo(args, options)
  if (end.code !== 0) throw cargoFailure(args, end)
  return end.output
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
    [APP_LOGIC, '/medsync'],
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
