// node calimero-app/build.ts: compiles the private context's app to WebAssembly and writes it, with its ABI, to calimero-app/res.
// With --check nothing is written: what is committed must be, byte for byte, what the sources give on this machine, too.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { ChoreError } from '../scripts/choreError.ts'
import { progress } from '../scripts/progress.ts'
import { runChore } from '../scripts/runChore.ts'
import { type CommandOptions, runCommand } from '../scripts/runCommand.ts'
import { cargoEnv } from '../scripts/toolchain/cargoEnv.ts'

const LOGIC = join(import.meta.dirname, 'logic')
const RES = join(import.meta.dirname, 'res')
const TARGET = 'wasm32-unknown-unknown'

await runChore(async () => {
  const isCheck = process.argv.includes('--check')
  const files = await build()
  const differing: string[] = []
  for (const { name, bytes } of files) {
    const path = join(RES, name)
    if (isCheck) {
      if (!bytes.equals(await readFile(path).catch(() => Buffer.alloc(0)))) differing.push(name)
    } else {
      await mkdir(RES, { recursive: true })
      await writeFile(path, bytes)
    }
    console.log(`  ${name}: ${bytes.length} bytes`)
  }
  if (differing.length > 0)
    throw new ChoreError(
      'context/stale',
      `calimero-app/res is not what calimero-app/logic gives: ${differing.join(', ')}.`,
      'Run `node calimero-app/build.ts` and commit what it changes.',
    )
  console.log(isCheck ? 'calimero-app/res is exactly what calimero-app/logic gives.' : 'Written to calimero-app/res. Next: commit it.')
})

/** Compiles; gives the files of calimero-app/res. */
async function build(): Promise<{ name: string; bytes: Buffer }[]> {
  const env = await cargoEnv()
  if (env === undefined)
    throw new ChoreError(
      'context/no-cargo',
      'There is no cargo to build the app with.',
      'Install Rust with rustup; the rest comes by itself.',
    )
  const step = progress('compile the app to WebAssembly', '20 s; 2 min the first time')
  const options = {
    cwd: LOGIC,
    env: { ...env, CARGO_TERM_COLOR: 'never' },
    onLine: (line: string) => step.update(line.trim().slice(0, 60)),
  }
  try {
    // The folder's rust-toolchain.toml names compiler and target; rustup installs what is missing when cargo first runs there.
    await cargo(['fetch', '--locked', '--target', TARGET], options)
    const rust = await rustc(options)
    // Nice: a build must not make a person's machine, or a test beside it, wait.
    const output = await cargo(['build', '--locked', '--release', '--target', TARGET, '--message-format', 'json'], {
      ...options,
      env: { ...options.env, CARGO_ENCODED_RUSTFLAGS: (await withoutOurPaths(rust)).join('\x1f') },
    })
    step.done()
    return await made(output)
  } catch (error) {
    step.failed()
    throw error
  }
}

async function cargo(args: string[], options: CommandOptions): Promise<string> {
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

/** What cargo says that it made. */
async function made(output: string): Promise<{ name: string; bytes: Buffer }[]> {
  let wasm: string | undefined
  let abi: string | undefined
  for (const line of output.split('\n').filter((each) => each.startsWith('{'))) {
    const message: unknown = JSON.parse(line)
    if (!isMessage(message) || !/[/#]medsync[#@]|logic#/.test(message.package_id)) continue
    wasm = message.filenames?.find((file) => file.endsWith('.wasm')) ?? wasm
    if (message.out_dir !== undefined) abi = join(message.out_dir, 'abi.json')
  }
  if (wasm === undefined || abi === undefined)
    throw new ChoreError('context/cargo', 'cargo did not say what it made.', 'Remove calimero-app/logic/target and try again.')
  return [
    { name: 'medsync.wasm', bytes: await readFile(wasm) },
    { name: 'abi.json', bytes: await readFile(abi) },
  ]
}

function isMessage(value: unknown): value is { package_id: string; filenames?: string[]; out_dir?: string } {
  return typeof value === 'object' && value !== null && 'package_id' in value && typeof value.package_id === 'string'
}
